// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { keepingFocus } from "./dom.js";
import { el } from "./elements.js";
import { copyButton } from "./messages.js";

// Texts that fold, tables that stay.

/** A collapsible text with a button that copies it. `set` changes the text. */
export function textBlock(summary, label, isOpen = false) {
  const pre = el("pre", { tabindex: "0", role: "region", "aria-label": label });
  const node = el("details", { open: isOpen }, el("summary", {}, summary),
    el("div", { class: "block" }, el("div", { class: "block-head" }, copyButton(() => pre.textContent)), pre));
  return { node, set(text) { if (pre.textContent !== text) pre.textContent = text; } };
}

/**
 * A table whose rows stay in place: only a row that has changed is made anew.
 * Columns are `{ title, cell, class }`; on a narrow screen a row becomes a card, hence the roles.
 */
export function keyedTable(caption, key, columns) {
  const body = el("tbody", { role: "rowgroup" });
  const node = el("table", { role: "table" },
    el("caption", { class: "hidden-text" }, caption),
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, columns.map((column) =>
      el("th", { scope: "col", role: "columnheader" },
        column.hidesTitle ? el("span", { class: "hidden-text" }, column.title) : column.title)))),
    body);
  let rows = new Map();

  function makeRow(item) {
    return el("tr", { role: "row" }, columns.map((column) =>
      el("td", { role: "cell", class: column.class, "data-label": column.title }, el("div", {}, column.cell(item)))));
  }

  function show(items) {
    const next = new Map();
    for (const item of items) {
      const print = JSON.stringify(item);
      const known = rows.get(key(item));
      if (known?.print === print) {
        next.set(key(item), known);
        continue;
      }
      const row = { print, node: makeRow(item) };
      if (known) {
        keepingFocus(known.node, () => {
          known.node.replaceWith(row.node);
          return row.node;
        });
      }
      next.set(key(item), row);
    }
    for (const [id, row] of rows) if (!next.has(id)) row.node.remove();
    let place = body.firstChild;
    for (const row of next.values()) {
      if (row.node === place) place = place.nextSibling;
      else body.insertBefore(row.node, place);
    }
    rows = next;
  }

  return { node, show };
}
