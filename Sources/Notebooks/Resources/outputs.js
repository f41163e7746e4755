// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";
import { frameNode } from "./frame.js";
import { markdownNodes } from "./markdown.js";
import { tableNode } from "./table.js";
import { terminalNodes } from "./terminal.js";

// What a cell has shown, in one form, wherever it comes from: `{ kind, … }`.

const TABLE_DATA = "application/vnd.lamplighter.table+json";
/** A text that says less than any other form: `<IPython.core.display.JSON object>`. */
const OBJECT_OF_PYTHON = /^<[\w.]+ object(?: at 0x[0-9a-f]+)?>$/;
const IMAGES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** Of one thing in several forms, by MIME type, the best one. */
export function bundleOutput(data) {
  const { schema, rows, truncated } = data[TABLE_DATA] ?? {};
  // A file from elsewhere may hold anything.
  const isTable = Array.isArray(schema) && schema.every((column) => typeof column?.name === "string")
    && Array.isArray(rows) && rows.every(Array.isArray);
  if (isTable) return { kind: "table", columns: schema, rows, truncated };
  const image = IMAGES.find((type) => data[type]);
  if (image) return { kind: "image", source: `data:${image};base64,${String(data[image]).replace(/\s/g, "")}` };
  const drawing = data["image/svg+xml"];
  if (drawing) return { kind: "image", source: `data:image/svg+xml,${encodeURIComponent(drawing)}` };
  if (data["text/html"] !== undefined) return { kind: "html", html: data["text/html"] };
  if (data["text/markdown"] !== undefined) return { kind: "markdown", text: data["text/markdown"] };
  const text = data["text/plain"];
  if (text !== undefined && !OBJECT_OF_PYTHON.test(text)) return { kind: "text", text };
  if (data["text/latex"] !== undefined) return { kind: "text", text: data["text/latex"] };
  if (data["application/json"] !== undefined) return { kind: "json", value: data["application/json"] };
  if (text !== undefined) return { kind: "text", text };
  return { kind: "text", text: JSON.stringify(data, null, 2) };
}

const textOutput = (text, kind, label) =>
  el("pre", { class: `nb-text ${kind}`, tabindex: "0", role: "region", "aria-label": label }, terminalNodes(text));

const OUTPUT_NODES = {
  stream: ({ name, text }) => (name === "stderr" ? textOutput(text, "nb-stderr", "Standard error")
    : textOutput(text, "", "Output")),
  json: ({ value }) => el("pre", { class: "nb-text", tabindex: "0", role: "region", "aria-label": "JSON" },
    plain(JSON.stringify(value, null, 2))),
  text: ({ text }) => textOutput(text, "", "Output"),
  error: ({ summary, trace }) => el("div", { class: "nb-error" }, el("p", {}, terminalNodes(summary)),
    trace ? textOutput(trace, "", "Where it happened") : null),
  image: ({ source }) => el("div", { class: "nb-image" }, el("img", { src: source, alt: "Picture made by the notebook" })),
  html: ({ html }, context) => frameNode(html, context.frameURL),
  markdown: ({ text }, { frameURL }) => el("div", { class: "nb-markdown" }, markdownNodes(text, { frameURL })),
  table: (output) => tableNode(output),
  run: ({ runID, path }, context) => el("p", { class: "nb-run" }, "Notebook run ",
    context.runLink(runID, `${runID}`), " of ", el("code", {}, plain(path))),
};

/** `context`: `frameURL` (see `frameNode`), `runLink(id, text)`: the way to a run, or its number. */
export function outputNode(output, context) {
  return el("div", { class: "nb-output" }, OUTPUT_NODES[output.kind](output, context));
}
