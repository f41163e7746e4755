// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";
import { frameNode } from "./frame.js";
import { markdownNodes } from "./markdown.js";
import { tableNode } from "./table.js";

// What a cell has shown, in one form, wherever it comes from: `{ kind, … }`.

const TABLE_DATA = "application/vnd.lamplighter.table+json";
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Of one thing in several forms, by MIME type, the best one. */
export function bundleOutput(data) {
  if (data[TABLE_DATA]) {
    const { schema, rows, truncated } = data[TABLE_DATA];
    return { kind: "table", columns: schema, rows, truncated };
  }
  const image = IMAGES.find((type) => data[type]);
  if (image) return { kind: "image", source: `data:${image};base64,${String(data[image]).replace(/\s/g, "")}` };
  const drawing = data["image/svg+xml"];
  if (drawing) return { kind: "image", source: `data:image/svg+xml,${encodeURIComponent(drawing)}` };
  if (data["text/html"] !== undefined) return { kind: "html", html: data["text/html"] };
  if (data["text/markdown"] !== undefined) return { kind: "markdown", text: data["text/markdown"] };
  if (data["text/plain"] !== undefined) return { kind: "text", text: data["text/plain"] };
  return { kind: "text", text: JSON.stringify(data, null, 2) };
}

const textOutput = (text, kind, label) =>
  el("pre", { class: `nb-text ${kind}`, tabindex: "0", role: "region", "aria-label": label }, plain(text));

const OUTPUT_NODES = {
  stream: ({ name, text }) => textOutput(text, name === "stderr" ? "nb-stderr" : "", name ?? "Output"),
  text: ({ text }) => textOutput(text, "", "Output"),
  error: ({ summary, trace }) => el("div", { class: "nb-error" }, el("p", {}, plain(summary)),
    trace ? textOutput(trace, "", "Where it happened") : null),
  image: ({ source }) => el("div", { class: "nb-image" }, el("img", { src: source, alt: "Picture made by the notebook" })),
  html: ({ html }, context) => frameNode(html, context.frameURL),
  markdown: ({ text }) => el("div", { class: "nb-markdown" }, markdownNodes(text)),
  table: (output) => tableNode(output),
  run: ({ runID, path }, context) => el("p", { class: "nb-run" }, "Notebook run ",
    context.runLink(runID, `${runID}`), " of ", el("code", {}, plain(path))),
};

/** `context`: `frameURL` (see `frameNode`), `runLink(id, text)`: the way to a run, or its number. */
export function outputNode(output, context) {
  return el("div", { class: "nb-output" }, OUTPUT_NODES[output.kind](output, context));
}
