// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { cellView } from "./cells.js";
import { el, parseExact } from "./elements.js";
import { listenToFrames } from "./frame.js";
import { bundleOutput } from "./outputs.js";

// An exported page, from the model that it carries (NotebookModel.swift).

const MODEL_STATES = { running: "running", finished: "finished", error: "failed", cancelled: "canceled", input: "none" };

function modelOutputs(result) {
  if (!result) return [];
  switch (result.type) {
    case "listResults": return result.data.flatMap(modelOutputs);
    case "ansi": return [{ kind: "stream", name: result.name ?? null, text: result.data }];
    case "html": return [{ kind: "html", html: result.data }];
    case "table": return [modelTable(result)];
    case "mimeBundle": return [bundleOutput(result.data)];
    case "error": return [{ kind: "error", summary: result.summary, trace: result.cause }];
    default: return [{ kind: "text", text: JSON.stringify(result.data, null, 2) }];
  }
}

function modelTable(result) {
  const typeOf = (text) => {
    try {
      const type = JSON.parse(text);
      return typeof type === "string" ? type : type?.type ?? "";
    } catch { return text ?? ""; }
  };
  const columns = (result.schema ?? []).map((column) => ({ name: column.name, type: typeOf(column.type) }));
  return { kind: "table", columns, rows: result.data, truncated: result.overflow === true };
}

function modelCell(command, index, language) {
  const spent = command.finishTime > 0 ? command.finishTime - command.startTime : NaN;
  return {
    index, language, source: command.command, state: MODEL_STATES[command.state] ?? "none",
    title: command.showCommandTitle ? command.commandTitle : "", duration: spent,
    outputs: modelOutputs(command.results), hidesSource: command.hideCommandCode, hidesOutputs: command.hideCommandResult,
    pictures: command.attachments,
  };
}

/** Where an element of a dashboard stands, in columns and rows of the grid. */
function placed(node, position) {
  if (!position) return;
  const span = (start, length) => `${Math.max(0, Math.floor(start)) + 1} / span ${Math.max(1, Math.round(length))}`;
  node.style.gridColumn = span(position.x ?? 0, position.width ?? 12);
  node.style.gridRow = span(position.y ?? 0, position.height ?? 6);
}

function showModel(main, model) {
  const context = { frameURL: null, runLink: (_, text) => text };
  const commands = [...model.commands].sort((a, b) => a.position - b.position);
  const dashboard = main.hasAttribute("data-dashboard") ? model.dashboards[0] : null;
  const list = el("div", { class: dashboard ? "nb-dashboard" : "nb-cells" });
  const columns = Math.max(12, ...(dashboard?.elements ?? []).map(({ position }) => (position?.x ?? 0) + (position?.width ?? 0)));
  list.style.setProperty("--columns", columns);
  commands.forEach((command, index) => {
    const view = cellView(context);
    view.show(modelCell(command, index, model.language));
    if (dashboard) placed(view.node, dashboard.elements.find((one) => one.elementNUID === command.nuid)?.position);
    list.append(view.node);
  });
  main.append(list);
}

listenToFrames();
showModel(document.querySelector("main"), parseExact(decodeURIComponent(atob(__DATABRICKS_NOTEBOOK_MODEL))));
