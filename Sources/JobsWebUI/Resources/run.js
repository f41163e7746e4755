// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { actionButton } from "./actions.js";
import { api, APIError } from "./api.js";
import { textBlock } from "./blocks.js";
import { durationBar, summaryEntries, taskEntries, transitionLine } from "./details.js";
import { dim, fill, heading, jobLink, named, setTitle } from "./dom.js";
import { el } from "./elements.js";
import { confirmed } from "./messages.js";
import { notebookSection } from "./notebookrun.js";
import { outputSection } from "./output.js";
import { leave } from "./place.js";
import { poll } from "./poll.js";
import { definitions, isActive, stateBadge } from "./values.js";

// A run.

const LARGE_LOGS = 512 * 1024;

export function runPage(root, route, signal) {
  const runID = route.runID;
  setTitle(`Run ${runID}`);
  root.replaceChildren(el("p", { class: "dim" }, "Loading…"));

  const title = heading(`Run ${runID}`);
  const under = el("p", {});
  const state = el("p", { class: "state", role: "status" });
  const summary = el("div", {});
  const durations = el("div", {});
  const task = el("div", {});
  const line = el("div", {});
  const raw = textBlock("Run as JSON", "Run as JSON");
  const notebook = notebookSection(runID, signal);
  const output = outputSection(runID);
  let run = null;
  let transitions = [];
  let transitionsOf = "";
  let attempts = [];
  let outputDue = 0;

  const cancel = actionButton("Cancel run", { class: "danger", hidden: true }, async () => {
    const yes = await confirmed({
      title: "Cancel this run?", text: "Its process is ended, first by asking, then by force. No retry follows.",
      yes: "Cancel run", no: "Keep it running",
    });
    if (!yes) return;
    await api("jobs/runs/cancel", { body: { run_id: runID } });
    poller.now();
  });
  const remove = actionButton("Delete run", { class: "danger", hidden: true }, async () => {
    const yes = await confirmed({
      title: "Delete this run?", text: `Run ${runID} and its output go for good.`, yes: "Delete run",
    });
    if (!yes) return;
    await api("jobs/runs/delete", { body: { run_id: runID } });
    leave(signal, run.run_type === "SUBMIT_RUN" ? "#runs" : `#job/${run.job_id}`, `Run ${runID} was deleted.`);
  });

  function build() {
    root.replaceChildren(
      el("div", { class: "head" }, el("div", {}, title, under, state), el("div", { class: "actions" }, cancel, remove)),
      el("section", { class: "card", "aria-labelledby": "run-durations" },
        el("h2", { id: "run-durations" }, "Durations"), durations),
      notebook.node,
      output.node,
      el("div", { class: "columns" },
        el("section", { class: "card", "aria-labelledby": "run-summary" },
          el("h2", { id: "run-summary" }, "Summary"), summary),
        el("div", {},
          el("section", { class: "card", "aria-labelledby": "run-line" },
            el("h2", { id: "run-line" }, "Transitions"), line),
          el("section", { class: "card", "aria-labelledby": "run-task" },
            el("h2", { id: "run-task" }, "Task"), task))),
      el("section", { class: "card", "aria-label": "JSON" }, raw.node));
    if (document.activeElement === root) title.focus();
  }

  function show() {
    const name = run.run_name || "Untitled";
    setTitle(`${name}, run ${runID}`);
    fill(title, name, () => named(name));
    fill(under, [run.run_type, run.job_id], () => el("span", {}, dim(`Run ${runID}`),
      run.run_type === "SUBMIT_RUN" ? dim(", one-time") : [dim(" of "), jobLink(run.job_id, `job ${run.job_id}`)]));
    fill(state, run.state, () => [
      stateBadge(run.state),
      run.state?.life_cycle_state === "TERMINATING" && run.state.result_state
        ? el("span", {}, `result: ${run.state.result_state}`) : null,
      run.state?.state_message ? el("span", {}, named(run.state.state_message)) : null,
    ]);
    fill(summary, [run, attempts.map((other) => other.run_id)], () => definitions(summaryEntries(run, attempts)));
    fill(task, [run.task, run.overriding_parameters, run.cluster_spec], () => definitions(taskEntries(run)));
    fill(line, transitions, () => transitionLine(transitions));
    durations.replaceChildren(...durationBar(run, transitions));
    raw.set(JSON.stringify(run, null, 2));
    const active = isActive(run);
    const hadFocus = document.activeElement === cancel;
    cancel.hidden = !active || run.state.life_cycle_state === "TERMINATING";
    remove.hidden = active;
    if (hadFocus && cancel.hidden) title.focus();
  }

  /** Requests after that of the run may fail; the page is still shown. */
  async function part(work, failed = () => {}) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof APIError) || error.isTransient) throw error;
      failed(error.message);
    }
  }

  const poller = poll(signal, async () => {
    const isFirst = run === null;
    // The run comes first: if it has ended, the output that is asked for after it is complete.
    run = await api("jobs/runs/get", { query: { run_id: runID }, signal });
    const active = isActive(run);
    if (Number(run.job_id) !== route.jobID) {
      history.replaceState(null, "", `#job/${run.job_id}/run/${runID}`);
      route.jobID = Number(run.job_id);
    }
    const print = JSON.stringify(run.state);
    if (print !== transitionsOf) {
      await part(async () => {
        transitions = (await api("jobs/runs/transitions", { query: { run_id: runID }, signal })).transitions ?? [];
        transitionsOf = print;
      });
    }
    if (run.run_type !== "SUBMIT_RUN" && (isFirst || !active)) {
      await part(async () => {
        const query = { job_id: run.job_id, limit: 200 };
        const answer = await api("jobs/runs/list", { query, signal });
        attempts = (answer.runs ?? []).filter((other) => other.original_attempt_run_id === run.original_attempt_run_id)
          .sort((a, b) => a.attempt_number - b.attempt_number);
      });
    }
    show();
    if (isFirst) build();
    await part(() => notebook.update(run), notebook.fail);
    if (!active || Date.now() >= outputDue) {
      await part(async () => {
        const answer = await api("jobs/runs/get-output", { query: { run_id: runID }, signal });
        output.show(answer, run);
      }, output.fail);
      // The API sends the whole output each time: a long one is polled less often.
      outputDue = Date.now() + (output.size > LARGE_LOGS ? 5000 : 0);
    }
    return active ? 1000 : null;
  });
}
