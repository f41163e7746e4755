// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { fill } from "./dom.js";
import { download } from "./download.js";
import { el, plain } from "./elements.js";
import { copyButton } from "./messages.js";
import { isActive } from "./values.js";

// What a run has printed and said.

/** Text that grows: only new text is appended; the view scrolls along only while it is at the end. */
function logView(label) {
  const pre = el("pre", { class: "logs", tabindex: "0", role: "region", "aria-label": label });
  const toEnd = el("button", {
    type: "button", class: "small", hidden: true,
    onclick: () => { pre.scrollTop = pre.scrollHeight; pre.focus(); },
  }, "Go to the end");
  const isAtEnd = () => pre.scrollHeight - pre.scrollTop - pre.clientHeight < 12;
  let shown = "";
  let isLive = false;
  const update = () => { toEnd.hidden = !isLive || isAtEnd(); };
  pre.addEventListener("scroll", update, { passive: true });

  function set(text, live) {
    isLive = live;
    if (text !== shown) {
      const follows = live && isAtEnd();
      if (shown !== "" && text.startsWith(shown)) pre.append(plain(text.slice(shown.length)));
      else pre.textContent = plain(text);
      shown = text;
      if (follows) pre.scrollTop = pre.scrollHeight;
    }
    update();
  }

  return { pre, toEnd, set, get text() { return shown; } };
}

export function outputSection(runID) {
  const logs = logView("Logs");
  const wrap = el("input", { type: "checkbox", onchange: () => logs.pre.classList.toggle("wrap", wrap.checked) });
  const save = () => download(`run-${runID}.log`, logs.text);
  const problem = el("div", {});
  const result = el("div", {});
  const note = el("p", { class: "dim", role: "status" });
  const logBlock = el("div", { class: "block", hidden: true },
    el("div", { class: "block-head many" },
      el("h3", {}, "Logs"), logs.toEnd, el("label", {}, wrap, "Wrap lines"), copyButton(() => logs.text),
      el("button", { type: "button", class: "small", onclick: save }, "Download")),
    logs.pre);
  const node = el("section", { class: "card", "aria-labelledby": "run-output" },
    el("h2", { id: "run-output" }, "Output"), problem, result, note, logBlock);

  const textPart = (name, text, kind = "") => el("div", { class: "block" },
    el("div", { class: "block-head" }, el("h3", {}, name), copyButton(() => text)),
    el("pre", { class: kind, tabindex: "0", role: "region", "aria-label": name }, plain(text)));

  function show(output, run) {
    fill(problem, [output.error, output.error_trace], () => [
      output.error ? textPart("Error", output.error, "error") : null,
      output.error_trace ? textPart("Error trace", output.error_trace) : null,
    ]);
    const notebook = output.notebook_output;
    fill(result, notebook, () => (notebook?.result === undefined ? null : [
      textPart("Result of the notebook", notebook.result, "wrap"),
      notebook.truncated ? el("p", { class: "dim" }, "The result is longer than what the API returns.") : null,
    ]));
    const text = output.logs ?? "";
    logBlock.hidden = text === "";
    logs.set(text, isActive(run));
    const isEmpty = text === "" && !output.error && notebook?.result === undefined;
    const words = [
      output.logs_truncated ? "The logs are longer than what the API returns: they are not complete here." : "",
      isEmpty ? (isActive(run) ? "No output yet." : "The run has no output.") : "",
    ].filter(Boolean).join(" ");
    if (note.textContent !== words) note.textContent = words;
    note.hidden = words === "";
  }

  function fail(message) {
    note.hidden = false;
    note.textContent = `The output cannot be shown: ${message}`;
  }

  return { node, show, fail, get size() { return logs.text.length; } };
}
