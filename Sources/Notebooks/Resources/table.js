// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";
import { chartNode, chartColumns } from "./chart.js";

// What display() shows of a DataFrame: pages of rows, or a chart of them.

const TABLE_PAGES = [10, 25, 100];
const SHOWN_AS = [["table", "Table"], ["bars", "Bars"], ["line", "Line"], ["points", "Scatter"]];

/** `table` is `{ columns: [{ name, type }], rows, truncated }`. */
export function tableNode(table) {
  const columns = chartColumns(table);
  const choice = { kind: "table", x: columns.x, ys: new Set(columns.y === null ? [] : [columns.y]) };
  const body = el("div", { class: "nb-table-body" });
  const pages = pagesOf(table, new Set(columns.numbers));
  const settings = el("div", { class: "nb-chart-settings", hidden: true });
  const canDraw = columns.numbers.length > 0;
  const kind = selectNode("Show as", SHOWN_AS, choice.kind, (value) => {
    choice.kind = value;
    settings.hidden = value === "table";
    draw();
  });
  for (const option of kind.querySelectorAll("option")) option.disabled = option.value !== "table" && !canDraw;

  function draw() {
    body.replaceChildren(...(choice.kind === "table" ? pages : [chartNode(table, choice)]));
  }

  settings.append(
    selectNode("X", table.columns.map((column, index) => [index, plain(column.name)]), choice.x, (value) => {
      choice.x = Number(value);
      draw();
    }),
    el("fieldset", {}, el("legend", {}, "Y"), columns.numbers.map((index) => el("label", {},
      el("input", {
        type: "checkbox", checked: choice.ys.has(index),
        onchange: (event) => { choice.ys[event.target.checked ? "add" : "delete"](index); draw(); },
      }), plain(table.columns[index].name)))));
  draw();
  return el("div", { class: "nb-table" }, el("div", { class: "nb-table-tools" }, kind, settings), body);
}

function selectNode(title, options, chosen, change) {
  const select = el("select", { onchange: () => change(select.value) },
    options.map(([value, text]) => el("option", { value, selected: value === chosen }, text)));
  return el("label", {}, title, " ", select);
}

function pagesOf(table, numbers) {
  const total = table.rows.length;
  let size = TABLE_PAGES[0];
  let first = 0;
  const body = el("tbody");
  const range = el("span", { role: "status" });
  const step = (text, label, target) => el("button", {
    type: "button", class: "small", "aria-label": label,
    onclick: () => show(target()),
  }, text);
  const last = () => Math.max(0, Math.ceil(total / size) - 1) * size;
  const back = [step("«", "First rows", () => 0), step("‹", "Rows before these", () => first - size)];
  const forth = [step("›", "Rows after these", () => first + size), step("»", "Last rows", last)];

  function show(wanted) {
    first = Math.min(Math.max(0, wanted), last());
    body.replaceChildren(...table.rows.slice(first, first + size).map((row, index) => el("tr", {},
      el("th", { scope: "row" }, String(first + index + 1)),
      table.columns.map((_, column) => valueCell(row[column], numbers.has(column))))));
    range.textContent = total === 0 ? "No rows"
      : `${first + 1}–${Math.min(first + size, total)} of ${total}${table.truncated ? " (there are more)" : ""}`;
    // Not `disabled`: the focus would be lost with it.
    for (const button of back) button.setAttribute("aria-disabled", first === 0);
    for (const button of forth) button.setAttribute("aria-disabled", first >= last());
  }

  show(0);
  const perPage = selectNode("Rows a page", TABLE_PAGES.map((count) => [count, String(count)]), size, (value) => {
    size = Number(value);
    show(Math.floor(first / size) * size);
  });
  const grid = el("table", {}, el("thead", {}, el("tr", {}, el("th", { "aria-label": "Row" }),
    table.columns.map((column, index) => el("th", { scope: "col", class: numbers.has(index) ? "nb-number" : null },
      el("bdi", {}, plain(column.name)), column.type ? el("small", {}, plain(column.type)) : null)))), body);
  return [
    el("div", { class: "nb-scroll", tabindex: "0", role: "region", "aria-label": "Table" }, grid),
    el("div", { class: "nb-pages" }, total > TABLE_PAGES[0] ? [back, range, forth, perPage] : range),
  ];
}

function valueCell(value, isNumber) {
  if (value === null || value === undefined) return el("td", { class: "nb-null" }, "null");
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return el("td", { class: isNumber ? "nb-number" : null }, el("bdi", {}, plain(text)));
}
