// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { serverNow } from "./api.js";
import { dim, jobLink, named, runLink } from "./dom.js";
import { el } from "./elements.js";
import {
  ACTIVE, ageText, durationText, isActive, isTime, scheduleNode, stateBadge, taskMember, taskType, time,
  triggerText, valueNode,
} from "./values.js";

// What is known of a run, in parts of its page.

const PHASES = [["setup", "Setup"], ["execution", "Execution"], ["cleanup", "Cleanup"]];

/** The three durations in ms; for an active run as far as its transitions tell. */
function phases(run, transitions) {
  if (!isActive(run)) return [run.setup_duration, run.execution_duration, run.cleanup_duration].map((ms) => ms ?? 0);
  const at = (state) => transitions.find((step) => step.life_cycle_state === state)?.time;
  const now = Math.max(serverNow(), run.start_time);
  const cleanup = at("TERMINATING") ?? now;
  const execution = Math.min(at("RUNNING") ?? cleanup, cleanup);
  return [execution - run.start_time, cleanup - execution, now - cleanup].map((ms) => Math.max(0, ms));
}

export function durationBar(run, transitions) {
  const values = phases(run, transitions);
  const isLive = isActive(run);
  const current = isLive ? ACTIVE.indexOf(run.state.life_cycle_state) : PHASES.length;
  const text = (ms, index) => (index < current ? durationText(ms) : index === current ? ageText(ms) : "–");
  const total = values.reduce((sum, ms) => sum + ms, 0);
  const bar = el("div", { class: "durations", "aria-hidden": "true" }, values.map((ms, index) => {
    const part = el("span", { class: PHASES[index][0], title: `${PHASES[index][1]}: ${text(ms, index)}` });
    part.style.flexGrow = String(total > 0 ? ms / total : 0);
    part.hidden = ms === 0;
    return part;
  }));
  const legend = el("ul", { class: "legend" }, values.map((ms, index) => el("li", {},
    el("span", { class: `dot ${PHASES[index][0]}`, "aria-hidden": "true" }), `${PHASES[index][1]} ${text(ms, index)}`)),
  el("li", {}, el("strong", {}, isLive ? `So far ${ageText(total)}` : `Total ${durationText(total)}`)));
  return [bar, legend];
}

export function transitionLine(transitions) {
  return el("ol", { class: "line" }, transitions.map((step, index) => {
    const previous = transitions[index - 1];
    const hasNewResult = step.result_state !== undefined && step.result_state !== previous?.result_state;
    return el("li", {},
      stateBadge(step, true), " ",
      hasNewResult ? [dim("result "), el("strong", {}, step.result_state), " "] : null,
      time(step.time),
      previous ? " " : null,
      previous ? el("span", { class: "dim together" }, `after ${durationText(step.time - previous.time)}`) : null,
      step.state_message && step.state_message !== previous?.state_message
        ? el("p", { class: "dim" }, named(step.state_message)) : null);
  }));
}

function attemptNodes(run, attempts) {
  const nodes = [`${(run.attempt_number ?? 0) + 1}`];
  const original = run.original_attempt_run_id;
  if (original !== undefined && original !== run.run_id) {
    const first = { job_id: run.job_id, run_id: original };
    nodes.push(", a retry of ", runLink(first, `the original attempt, run ${original}`));
  }
  const others = attempts.filter((other) => other.run_id !== run.run_id && other.run_id !== original);
  if (others.length > 0) {
    nodes.push(el("br"), "Other attempts: ");
    others.forEach((other, index) => nodes.push(index > 0 ? ", " : "",
      runLink(other, `${(other.attempt_number ?? 0) + 1} (run ${other.run_id})`)));
  }
  return nodes;
}

export function summaryEntries(run, attempts) {
  const state = run.state ?? {};
  const isOneTime = run.run_type === "SUBMIT_RUN";
  const cluster = run.cluster_instance ?? {};
  return [
    ["State", el("code", {}, state.life_cycle_state ?? "unknown")],
    ["Result", state.result_state ? el("code", {}, state.result_state) : dim(isActive(run) ? "not yet" : "none")],
    ["Message", state.state_message ? named(state.state_message) : dim("none")],
    ["Job", isOneTime ? dim("none: a one-time run") : jobLink(run.job_id, `job ${run.job_id}`)],
    ["Number in job", String(run.number_in_job ?? "–")],
    ["Attempt", attemptNodes(run, attempts)],
    ["Trigger", triggerText(run.trigger)],
    run.schedule ? ["Schedule", scheduleNode(run.schedule)] : null,
    ["Creator", named(run.creator_user_name ?? "–")],
    ["Started", time(run.start_time)],
    ["Ended", isTime(run.end_time) ? time(run.end_time) : dim("not yet")],
    ["Cluster id", cluster.cluster_id ? valueNode(cluster.cluster_id) : dim("none")],
    ["Spark application id", cluster.spark_context_id ? valueNode(cluster.spark_context_id) : dim("none")],
  ];
}

export function taskEntries(run) {
  const member = taskMember(run.task);
  return [
    ["Type", taskType(run.task)],
    ...Object.entries(run.task?.[member] ?? {}).map(([name, value]) => [name, valueNode(value)]),
    run.overriding_parameters ? ["Parameters of this run", valueNode(run.overriding_parameters)] : null,
    ["Cluster", valueNode(run.cluster_spec)],
  ];
}
