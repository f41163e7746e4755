// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { actionButton } from "./actions.js";
import { api, serverNow } from "./api.js";
import { cellView } from "./cells.js";
import { fill, runLink } from "./dom.js";
import { download } from "./download.js";
import { el } from "./elements.js";
import { bundleOutput } from "./outputs.js";
import { isActive } from "./values.js";

// The cells of a notebook run, while it runs too.

const LARGE_ANSWER = 512 * 1024;
const ENDED = ["FINISHED", "FAILED", "CANCELED", "SKIPPED"];

const FORMATS = [
  ["HTML", "HTML", "html", "text/html"], ["JUPYTER", "Jupyter", "ipynb", "application/x-ipynb+json"],
  ["MARKDOWN", "Markdown", "md", "text/markdown"],
];

/** Buttons that export the notebook with its cells' outputs. */
function downloads(runID) {
  return FORMATS.map(([format, name, ending, type]) => actionButton(name, {
    class: "small", "aria-label": `Download as ${name}`,
  }, async () => {
    const [view] = (await api("jobs/runs/export", { query: { run_id: runID, format } })).views;
    download(`${view.name}-run-${runID}.${ending}`, view.content, type);
  }));
}

/** An output as kernels write it (docs/architecture/notebooks.md). */
function kernelOutput(output) {
  switch (output.type) {
    case "stream": return { kind: "stream", name: output.name, text: output.text ?? "" };
    case "error": {
      const summary = output.message ? `${output.name}: ${output.message}` : output.name ?? "Error";
      return { kind: "error", summary, trace: output.trace ?? "" };
    }
    case "notebook_run": return { kind: "run", runID: output.run_id, path: output.path ?? "" };
    default: return bundleOutput(output.data ?? {});
  }
}

function runCell(cell, language) {
  const end = cell.finish_time ?? (cell.state === "RUNNING" ? serverNow() : NaN);
  return {
    index: cell.index, title: cell.title, source: cell.source, language: language.toLowerCase(),
    state: cell.state.toLowerCase(), duration: cell.start_time === undefined ? NaN : end - cell.start_time,
    outputs: cell.outputs.map(kernelOutput), hidesSource: false, hidesOutputs: false,
    pictures: cell.attachments,
  };
}

/** The part of a run's page; `update` asks for what may have changed. */
export function notebookSection(runID, signal) {
  const jobs = new Map();
  const context = {
    frameURL: "/ui/frame",
    // Where the job is not known any more the run's page finds out.
    runLink: (id, text) => runLink({ job_id: jobs.get(Number(id)) ?? 0, run_id: id }, text),
  };
  const parent = el("p", { class: "dim" });
  const files = el("div", { class: "actions", role: "group", "aria-label": "Download the notebook", hidden: true },
    el("span", { class: "dim", "aria-hidden": "true" }, "Download"), downloads(runID));
  const note = el("p", { class: "dim", role: "status" }, "Loading…");
  const list = el("div", { class: "nb-cells" });
  const node = el("section", { class: "card notebook", "aria-labelledby": "run-notebook", hidden: true },
    el("div", { class: "block-head many" }, el("h2", { id: "run-notebook" }, "Notebook"), files), parent, note, list);
  const cells = [];
  const views = [];
  let isComplete = false;
  let due = 0;

  /** All before it have ended, and shown their last: a cell may still show something until the next one begins. */
  function firstToAsk() {
    const unfinished = cells.findIndex((cell) => !ENDED.includes(cell.state));
    return Math.max(0, (unfinished < 0 ? cells.length : unfinished) - 1);
  }

  function show(answer) {
    for (const child of answer.child_runs) jobs.set(Number(child.run_id), child.job_id);
    fill(parent, answer.parent_run, () => (answer.parent_run ? ["Started by the notebook of ",
      runLink(answer.parent_run, `run ${answer.parent_run.run_id}`), "."] : null));
    parent.hidden = !answer.parent_run;
    files.hidden = answer.cell_count === 0;
    for (const cell of answer.cells) {
      cells[cell.index] = cell;
      if (!views[cell.index]) {
        views[cell.index] = cellView(context);
        list.append(views[cell.index].node);
      }
      views[cell.index].show(runCell(cell, answer.language ?? ""));
    }
    const ended = cells.filter((cell) => ENDED.includes(cell.state)).length;
    const text = cells.length > 0 ? `${ended} of ${cells.length} cells have ended.` : "";
    note.textContent = isComplete && cells.length === 0 ? "The run ended before it read its notebook."
      : isComplete ? "" : text || "The notebook has not been read yet.";
    note.hidden = note.textContent === "";
  }

  /** With the run as it was before: what is asked for after it has ended is complete. */
  async function update(run) {
    node.hidden = run.task?.notebook_task === undefined;
    if (node.hidden || isComplete || (isActive(run) && Date.now() < due)) return;
    const begun = Date.now();
    // At the end once more from the start: displays of earlier cells may have been updated by later ones.
    const query = { run_id: runID, from_cell: isActive(run) ? firstToAsk() : 0 };
    const answer = await api("jobs/runs/cells", { query, signal });
    isComplete = !isActive(run);
    show(answer);
    const size = answer.cells.reduce((sum, cell) => sum + JSON.stringify(cell.outputs).length, 0);
    due = size > LARGE_ANSWER ? Date.now() + Math.max(5000, 5 * (Date.now() - begun)) : 0;
  }

  function fail(message) {
    note.hidden = false;
    note.textContent = `The cells cannot be shown: ${message}`;
  }

  return { node, update, fail };
}
