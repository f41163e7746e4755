// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { plain, svg } from "./elements.js";
import { numberScale, placeScale, timeScale } from "./scales.js";

// Charts of a table's columns, drawn as SVG.

const CHART = { width: 760, height: 340, left: 68, right: 16, top: 14, bottom: 50 };
const MAX_BARS = 200;
const NUMBER_TYPE = /^(tinyint|smallint|int|bigint|float|double|decimal|number|long|u?int\d+)/i;
const TIME_TYPE = /^(date|timestamp|datetime)/i;

const numberAt = (row, index) => {
  const value = row[index];
  return value === null || value === undefined || value === "" || typeof value === "boolean" ? NaN : Number(value);
};

/** The columns that hold numbers, and what a first chart has on its axes: `{ numbers, x, y }`; `y` may be null. */
export function chartColumns(table) {
  const numbers = table.columns.map((_, index) => index).filter((index) => {
    const values = table.rows.map((row) => row[index]).filter((value) => value !== null && value !== undefined);
    return values.length > 0 && values.every((value) => typeof value === "number"
      || (NUMBER_TYPE.test(table.columns[index].type) && typeof value === "string"));
  });
  const x = table.columns.findIndex((_, index) => !numbers.includes(index));
  const first = x < 0 ? 0 : x;
  return { numbers, x: first, y: numbers.find((index) => index !== first) ?? numbers[0] ?? null };
}

/** `choice` is `{ kind: "bars" | "line" | "points", x, ys }`; columns by their indices. */
export function chartNode(table, { kind, x, ys }) {
  const rows = kind === "bars" ? table.rows.slice(0, MAX_BARS) : table.rows;
  const series = [...ys].sort((a, b) => a - b);
  const name = (index) => plain(table.columns[index]?.name ?? "");
  const label = `${kind === "points" ? "scatter" : kind} of ${series.map(name).join(", ")} by ${name(x)}`;
  const chart = svg("svg", {
    class: "nb-chart", viewBox: `0 0 ${CHART.width} ${CHART.height + 26}`, role: "img", "aria-label": label,
  });
  const values = rows.flatMap((row) => series.map((index) => numberAt(row, index))).filter(Number.isFinite);
  if (values.length === 0) {
    chart.append(textNode(CHART.width / 2, CHART.height / 2, "Choose a column with numbers for Y.", "middle"));
    return chart;
  }
  const vertical = numberScale(values, CHART.height - CHART.bottom, CHART.top, kind !== "points");
  const horizontal = scaleOfX(table, rows, kind, x);
  chart.append(axes(vertical, horizontal, name(x), series.length === 1 ? name(series[0]) : ""));
  const draw = { bars: barNodes, line: lineNodes, points: pointNodes }[kind];
  series.forEach((index, place) => {
    const points = rows.map((row, at) => ({
      at, x: horizontal.place(row[x], at), y: numberAt(row, index),
      title: `${plain(shownValue(row[x]))}: ${plain(shownValue(row[index]))}`,
    })).filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y));
    chart.append(svg("g", { class: `nb-series-${place % 8}` },
      draw(points, vertical, horizontal, place, series.length)));
  });
  const isPart = rows.length < table.rows.length || table.truncated;
  chart.append(legendNode(series.map(name), isPart ? `the first ${rows.length} rows, there are more` : ""));
  return chart;
}

const shownValue = (value) => (value !== null && typeof value === "object" ? JSON.stringify(value) : String(value));

function scaleOfX(table, rows, kind, x) {
  const [from, to] = [CHART.left, CHART.width - CHART.right];
  const values = rows.map((row) => row[x]);
  if (kind !== "bars") {
    const numbers = rows.map((row) => numberAt(row, x));
    if (numbers.every((value, at) => Number.isFinite(value) || values[at] === null)) {
      return { ...numberScale(numbers.filter(Number.isFinite), from, to, false), place: placeBy(Number, from, to, numbers) };
    }
    const times = values.map((value) => (TIME_TYPE.test(table.columns[x].type) ? Date.parse(value) : NaN));
    if (times.every(Number.isFinite)) return timeScale(times, from, to);
  }
  return placeScale(values.map((value) => plain(shownValue(value))), from, to);
}

function placeBy(convert, from, to, numbers) {
  const scale = numberScale(numbers.filter(Number.isFinite), from, to, false);
  return (value) => (value === null ? NaN : scale.at(convert(value)));
}

function textNode(x, y, text, anchor = "start", extra = {}) {
  return svg("text", { x, y, "text-anchor": anchor, ...extra }, text);
}

function axes(vertical, horizontal, xName, yName) {
  const bottom = CHART.height - CHART.bottom;
  const right = CHART.width - CHART.right;
  return svg("g", { class: "nb-axes" },
    vertical.ticks.map(({ at, text }) => [
      svg("line", { x1: CHART.left, x2: right, y1: at, y2: at, class: "nb-grid-line" }),
      textNode(CHART.left - 8, at + 4, text, "end")]),
    horizontal.ticks.map(({ at, text }) => [
      svg("line", { x1: at, x2: at, y1: bottom, y2: bottom + 5 }), textNode(at, bottom + 19, text, "middle")]),
    svg("line", { x1: CHART.left, x2: right, y1: bottom, y2: bottom }),
    textNode((CHART.left + right) / 2, CHART.height - 6, xName, "middle", { class: "nb-axis-name" }),
    yName ? textNode(14, (CHART.top + bottom) / 2, yName, "middle",
      { class: "nb-axis-name", transform: `rotate(-90 14 ${(CHART.top + bottom) / 2})` }) : null);
}

function barNodes(points, vertical, horizontal, place, count) {
  const space = horizontal.step * 0.8;
  const zero = vertical.at(0);
  return points.map((point) => {
    const y = vertical.at(point.y);
    return svg("rect", {
      x: point.x - space / 2 + (space / count) * place, width: Math.max(1, space / count - 1),
      y: Math.min(y, zero), height: Math.max(0.5, Math.abs(y - zero)),
    }, svg("title", {}, point.title));
  });
}

function lineNodes(points, vertical, horizontal) {
  const sorted = horizontal.step ? points : [...points].sort((a, b) => a.x - b.x);
  const path = sorted.map((point, at) => `${at === 0 ? "M" : "L"}${point.x.toFixed(1)} ${vertical.at(point.y).toFixed(1)}`);
  return [svg("path", { d: path.join(""), class: "nb-line" }),
    sorted.length <= 60 ? pointNodes(sorted, vertical) : null];
}

function pointNodes(points, vertical) {
  return points.map((point) => svg("circle", { cx: point.x, cy: vertical.at(point.y), r: 3.5 },
    svg("title", {}, point.title)));
}

function legendNode(names, note) {
  let x = CHART.left;
  const y = CHART.height + 16;
  const entries = names.length < 2 ? [] : names.map((name, place) => {
    const entry = svg("g", { class: `nb-series-${place % 8}` },
      svg("rect", { x, y: y - 9, width: 10, height: 10 }), textNode(x + 15, y, name));
    x += 34 + name.length * 7;
    return entry;
  });
  return svg("g", { class: "nb-legend" }, entries,
    note ? textNode(CHART.width - CHART.right, y, note, "end") : null);
}
