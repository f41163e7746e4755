// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { serverNow } from "./api.js";
import { byId, dim, named } from "./dom.js";
import { el } from "./elements.js";

// Values as text: times, durations, states, settings.

export const isTime = (ms) => Number.isFinite(ms) && ms > 0 && ms < 8.64e15;
const utcText = (ms) => `${new Date(ms).toISOString().replace("T", " ").replace("Z", "")} UTC`;

export const times = {
  key: "lamplighter.utc",
  isUTC: false,
  local: new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }),
  text(ms) { return this.isUTC ? utcText(ms) : this.local.format(ms); },
  load() {
    try { this.isUTC = localStorage.getItem(this.key) === "1"; } catch { this.isUTC = false; }
    this.show();
  },
  /** The tooltip has the UTC value; a keyboard or a phone has no tooltips, hence the switch in the footer. */
  toggle() {
    this.isUTC = !this.isUTC;
    try { localStorage.setItem(this.key, this.isUTC ? "1" : "0"); } catch { /* Then it lasts for this page. */ }
    this.show();
  },
  show() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    byId("zone").textContent = this.isUTC ? "Times are in UTC." : `Times are local (${zone}).`;
    byId("zone-switch").textContent = this.isUTC ? "Show local times" : "Show UTC";
    for (const node of document.querySelectorAll("time[data-ms]")) {
      node.textContent = this.text(Number(node.dataset.ms));
    }
  },
};

export function time(ms) {
  if (!isTime(ms)) return dim("–");
  return el("time", { datetime: new Date(ms).toISOString(), title: utcText(ms), "data-ms": ms }, times.text(ms));
}

export function durationText(ms) {
  if (!Number.isFinite(ms) || ms < 0) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const pair = (large, largeUnit, small, smallUnit) =>
    `${large} ${largeUnit}${small > 0 ? ` ${small} ${smallUnit}` : ""}`;
  if (hours < 1) return pair(minutes, "min", seconds % 60, "s");
  if (hours < 48) return pair(hours, "h", minutes % 60, "min");
  return pair(Math.floor(hours / 24), "d", hours % 24, "h");
}

/** The age of an active run, updated by a timer. */
function elapsed(since) {
  const node = el("span", { "data-since": since }, "");
  updateElapsed(node);
  return node;
}

export function updateElapsed(node) {
  node.textContent = ageText(serverNow() - Number(node.dataset.since));
}

/** A duration that goes on: in whole seconds. */
export function ageText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1000);
}

export const ACTIVE = ["PENDING", "RUNNING", "TERMINATING"];
export const isActive = (run) => ACTIVE.includes(run.state?.life_cycle_state);

export function runDuration(run) {
  if (isActive(run)) return elapsed(run.start_time);
  if (!isTime(run.end_time)) return dim("–");
  return el("span", {}, durationText(run.end_time - run.start_time));
}

const RESULTS = {
  SUCCESS: ["good", "✓", "Succeeded"],
  FAILED: ["bad", "✗", "Failed"],
  TIMEDOUT: ["bad", "⧖", "Timed out"],
  CANCELED: ["flat", "⊘", "Canceled"],
};

const STATES = {
  PENDING: ["wait", "○", "Pending"],
  RUNNING: ["busy", "●", "Running"],
  TERMINATING: ["busy", "◌", "Terminating"],
  TERMINATED: ["flat", "■", "Terminated"],
  SKIPPED: ["flat", "»", "Skipped"],
  INTERNAL_ERROR: ["bad", "!", "Internal error"],
};

/** A state as colour, symbol and text; an unknown state is shown by its API name. */
export function stateBadge(state, isStep = false) {
  const life = state?.life_cycle_state ?? "unknown";
  const result = state?.result_state;
  const useResult = life === "TERMINATED" && result !== undefined && !isStep;
  const [kind, mark, text] = (useResult ? RESULTS[result] : STATES[life]) ?? ["flat", "?", useResult ? result : life];
  return el("span", { class: `badge ${kind} ${isStep ? "past" : ""}` },
    el("span", { class: "mark", "aria-hidden": "true" }, mark), el("span", {}, text));
}

// Any member that ends so is a task: a new kind needs no change here. Some have names of their own.
const TASK_NAMES = { spark_python_task: "Spark Python", spark_jar_task: "Spark JAR" };

export const taskMember = (settings) =>
  Object.keys(settings ?? {}).find((member) => member.endsWith("_task") && settings[member] !== undefined);

export function taskType(settings) {
  const member = taskMember(settings);
  if (member === undefined) return "Unknown task";
  const words = member.slice(0, -"_task".length).replaceAll("_", " ");
  return TASK_NAMES[member] ?? words[0].toUpperCase() + words.slice(1);
}

const TRIGGERS = { PERIODIC: "Schedule", ONE_TIME: "On demand", RETRY: "Retry" };
export const triggerText = (trigger) => TRIGGERS[trigger] ?? trigger ?? "–";

export const isPaused = (schedule) => schedule?.pause_status === "PAUSED";

export function scheduleNode(schedule) {
  if (!schedule) return dim("none");
  return el("span", {}, el("code", {}, schedule.quartz_cron_expression ?? ""), " ", schedule.timezone_id ?? "",
    isPaused(schedule) ? [" ", el("span", { class: "badge wait" }, "paused")] : null);
}

/** Any JSON value in readable form. */
export function valueNode(value) {
  if (value === null || value === undefined) return dim("none");
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return value === "" ? dim("(empty)") : el("code", {}, named(value));
  if (Array.isArray(value)) {
    if (value.length === 0) return dim("none");
    return el("ol", {}, value.map((item) => el("li", {}, valueNode(item))));
  }
  const members = Object.entries(value);
  if (members.length === 0) return dim("none");
  return definitions(members.map(([name, member]) => [name, valueNode(member)]));
}

/** A definition list; entries that are null are left out. */
export function definitions(entries) {
  return el("dl", {}, entries.filter(Boolean).map(([name, ...value]) =>
    [el("dt", {}, named(name)), el("dd", {}, ...value)]));
}

const SETTINGS = {
  timeout_seconds: ["Timeout", (seconds) => (seconds === 0 ? "none" : durationText(seconds * 1000))],
  max_concurrent_runs: ["Concurrent runs", (count) => (count === 0 ? "0 (every run is skipped)" : `at most ${count}`)],
  max_retries: ["Retries", (count) => (count === -1 ? "without end" : `at most ${count}`)],
  min_retry_interval_millis: ["Between attempts", (ms) => `at least ${durationText(ms)}`],
  retry_on_timeout: ["Retry after a timeout"],
  schedule: ["Schedule", scheduleNode],
  existing_cluster_id: ["Existing cluster"],
  new_cluster: ["New cluster"],
  libraries: ["Libraries"],
  email_notifications: ["E-mail"],
  webhook_notifications: ["Webhooks"],
  notification_settings: ["Notifications"],
  health: ["Health rules"],
};

/** Every setting: those with a name above in its order, then the others as the API calls them. */
export function settingsEntries(settings) {
  const task = taskMember(settings);
  const told = new Set(["name", "format", task]);
  const entries = [[`Task`, taskType(settings), task ? valueNode(settings[task]) : null]];
  for (const [member, [label, format = valueNode]] of Object.entries(SETTINGS)) {
    told.add(member);
    if (settings[member] !== undefined) entries.push([label, format(settings[member])]);
    else if (member === "schedule") entries.push([label, dim("none: runs on demand only")]);
  }
  for (const [member, value] of Object.entries(settings)) {
    if (!told.has(member)) entries.push([member, valueNode(value)]);
  }
  return entries;
}
