// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";
import { markdownNodes } from "./markdown.js";
import { outputNode } from "./outputs.js";

// A cell: `{ index, title, source, language, state, duration, outputs, hidesSource, hidesOutputs, pictures }`, where
// `language` is the notebook's, `duration` is in ms, and `pictures` are `data:` URLs by the names that a text gives them.

const MAGICS = {
  python: "Python", sql: "SQL", scala: "Scala", r: "R", sh: "Shell", fs: "Files", md: "Markdown", run: "Run", pip: "pip",
};
const CELL_STATES = {
  waiting: ["", "waits"], running: ["busy", "runs"], finished: ["good", "finished"], failed: ["bad", "failed"],
  canceled: ["flat", "canceled"], skipped: ["flat", "not run"], none: ["", ""],
};

const magicOf = (source) => /^\s*%([a-z]+)/.exec(source)?.[1] ?? null;

/** The text of a cell with the magic `%md`; null: it is code. */
export function markdownOf(source) {
  const match = /^\s*%md(?:-sandbox)?(?:[ \t]+|\n|$)/.exec(source);
  return match ? source.slice(match[0].length) : null;
}

function spentText(ms) {
  if (!Number.isFinite(ms) || ms < 0) return "";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.floor(ms / 1000) % 60} s`;
}

/** A cell in the page; `show` brings it up to date and leaves alone what is as it was: frames, choices of charts. */
export function cellView(context) {
  const head = el("header", { class: "nb-head" });
  const source = el("div", { class: "nb-source" });
  const outputs = el("div", { class: "nb-outputs" });
  const node = el("section", { class: "nb-cell" }, head, source, outputs);
  let shown = [];

  function show(cell) {
    const text = markdownOf(cell.source);
    node.dataset.state = cell.state;
    node.dataset.cell = String(cell.index + 1);
    node.classList.toggle("nb-prose", text !== null);
    node.setAttribute("aria-label", `Cell ${cell.index + 1}`);
    changed(head, [cell.title, cell.state, cell.duration, magicOf(cell.source)], () => headNodes(cell, text !== null));
    changed(source, [cell.source, cell.hidesSource], () => sourceNodes(cell, text, context));
    // A text that was shown by running it has its parameters filled in, and stands for its source.
    const said = text === null ? null : cell.outputs.find((output) => output.kind === "markdown");
    if (said) changed(source, said.text, () => [markdownNode(said.text, cell, context)]);
    showOutputs(cell.hidesOutputs ? [] : cell.outputs.filter((output) => output !== said));
  }

  function showOutputs(wanted) {
    const prints = wanted.map((output) => JSON.stringify(output));
    prints.forEach((print, index) => {
      if (shown[index] === print) return;
      const next = outputNode(wanted[index], context);
      if (index < outputs.children.length) outputs.children[index].replaceWith(next);
      else outputs.append(next);
    });
    while (outputs.children.length > wanted.length) outputs.lastChild.remove();
    shown = prints;
    outputs.hidden = wanted.length === 0;
  }

  return { node, show };
}

/** Fills an element if what it shows has changed. */
function changed(element, value, make) {
  const print = JSON.stringify(value);
  if (element.shownPrint === print) return;
  element.shownPrint = print;
  element.replaceChildren(...make().filter(Boolean));
}

function headNodes(cell, isText) {
  const [kind, word] = CELL_STATES[cell.state] ?? ["", cell.state];
  const magic = magicOf(cell.source);
  const language = MAGICS[magic ?? cell.language] ?? magic ?? cell.language;
  const time = spentText(cell.duration);
  const isQuiet = isText && (cell.state === "finished" || cell.state === "none");
  return [
    el("span", { class: "nb-index", "aria-hidden": "true" }, String(cell.index + 1)),
    cell.title ? el("h3", {}, el("bdi", {}, plain(cell.title))) : null,
    isText ? null : el("span", { class: "nb-language" }, language),
    isQuiet || !word ? null : el("span", { class: `nb-state ${kind}` }, word, time && ` · ${time}`),
  ];
}

const markdownNode = (text, { pictures }, { frameURL }) =>
  el("div", { class: "nb-markdown" }, markdownNodes(text, { pictures, frameURL }));

function sourceNodes(cell, text, context) {
  if (text !== null) return [markdownNode(text, cell, context)];
  if (cell.hidesSource || cell.source.trim() === "") return [];
  return [el("pre", { tabindex: "0", role: "region", "aria-label": `Source of cell ${cell.index + 1}` },
    el("code", {}, plain(cell.source)))];
}
