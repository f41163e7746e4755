// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

"use strict";

// Everything the server sends (names, messages, logs) is hostile input: it becomes text nodes, never markup.

const PAGE_SIZE = 25;
const JOBS_SHOWN = 200;
const REQUEST_TIMEOUT = 30_000;
const LARGE_LOGS = 512 * 1024;

// ---------------------------------------------------------------------------------------------------------------------
// The document

const byId = (id) => document.getElementById(id);

/** An element. Attributes `on…` are listeners; children that are null or false are left out. */
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return node;
}

/**
 * Text with its invisible characters made visible, so that it cannot look like another: control characters as their
 * pictures, overrides of the direction of writing by their numbers. Colours of terminals are left out.
 */
function plain(text) {
  return String(text)
    .replace(/\x1b\[[0-9;]*m/g, "")
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, (sign) => String.fromCharCode(0x2400 + sign.charCodeAt(0)))
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (sign) => `[U+${sign.charCodeAt(0).toString(16).toUpperCase()}]`);
}

/** A name that somebody chose: its direction of writing must not reorder what stands around it. */
const named = (text) => el("bdi", {}, plain(text));
const dim = (...children) => el("span", { class: "dim" }, ...children);
const link = (hash, ...children) => el("a", { href: hash }, ...children);
const jobLink = (job, ...children) => link(`#job/${Number(job)}`, ...children);
const runLink = (run, ...children) => link(`#job/${Number(run.job_id)}/run/${Number(run.run_id)}`, ...children);

const focusable = (node) => [...node.querySelectorAll("a[href], button, summary, input")];

/** Changes a part of the page and gives the focus back to what stands in the place of what had it. */
function keepingFocus(container, change) {
  const place = focusable(container).indexOf(document.activeElement);
  const replacement = change() ?? container;
  if (place >= 0 && document.activeElement !== focusable(replacement)[place]) focusable(replacement)[place]?.focus();
}

/** Fills a container, but only if what it shows has changed: so selections and open details survive a poll. */
function fill(container, shown, make) {
  const print = JSON.stringify(shown ?? null);
  if (container.shownPrint === print) return;
  container.shownPrint = print;
  keepingFocus(container, () => container.replaceChildren(...[make()].flat(Infinity).filter(Boolean)));
}

function heading(text) {
  return el("h1", { tabindex: "-1" }, named(text));
}

function setTitle(text) {
  document.title = `${plain(text)} · Lamplighter`;
}

// ---------------------------------------------------------------------------------------------------------------------
// Messages

function notify(kind, ...content) {
  const notice = el("div", { class: `notice ${kind}`, role: kind === "error" ? "alert" : null },
    el("span", {}, ...content),
    el("button", { type: "button", class: "link", onclick: () => notice.remove() }, "Dismiss"));
  byId("notices").append(notice);
  while (byId("notices").children.length > 3) byId("notices").firstChild.remove();
}

function setConnection(text) {
  const line = byId("connection");
  if (line.textContent !== text) line.textContent = text;
}

/** Asks before something that cannot be undone. */
function confirmed({ title, text, yes, no = "Go back" }) {
  const dialog = byId("confirm");
  byId("confirm-title").textContent = title;
  byId("confirm-text").textContent = text;
  byId("confirm-yes").textContent = yes;
  byId("confirm-no").textContent = no;
  byId("confirm-yes").onclick = () => dialog.close("yes");
  byId("confirm-no").onclick = () => dialog.close("no");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

async function copyText(text, button) {
  const label = button.textContent;
  let done = false;
  try {
    await navigator.clipboard.writeText(text);
    done = true;
  } catch {
    // The clipboard API needs https or localhost; the old way works elsewhere.
    const area = el("textarea", { class: "hidden-text", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    try { done = document.execCommand("copy"); } catch { done = false; }
    area.remove();
    button.focus();
  }
  button.textContent = done ? "Copied" : "Copying is not allowed";
  setTimeout(() => { button.textContent = label; }, 1500);
}

function copyButton(text) {
  const label = "Copy";
  const button = el("button", { type: "button", class: "small", "aria-live": "polite" }, label);
  button.addEventListener("click", () => { if (button.textContent === label) copyText(text(), button); });
  return button;
}

// ---------------------------------------------------------------------------------------------------------------------
// The token: for this tab only

const session = {
  key: "lamplighter.token",
  token: null,
  load() {
    try { this.token = sessionStorage.getItem(this.key); } catch { this.token = null; }
  },
  begin(token) {
    this.token = token;
    try { sessionStorage.setItem(this.key, token); } catch { /* Then it lasts until the page is closed. */ }
  },
  end(message, kind = "error") {
    this.token = null;
    try { sessionStorage.removeItem(this.key); } catch { /* It was never stored. */ }
    this.message = message;
    this.messageKind = kind;
    jobFilter = "";
    showRoute();
  },
};

// ---------------------------------------------------------------------------------------------------------------------
// The API

/** The API said no. */
class APIError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get isTransient() { return this.status >= 500 || this.status === 429; }
}

class UnreachableError extends Error {}

/** Another page or the login is shown already; there is nothing more to say. */
class PageLeftError extends Error {}

/** Server time minus the time of this device, in ms: for the age of active runs. */
let clockSkew = 0;
const serverNow = () => Date.now() + clockSkew;

function noteServerTime(response) {
  const skew = Date.parse(response.headers.get("Date") ?? "") + 500 - Date.now();
  clockSkew = Math.abs(skew) > 2000 ? skew : 0;
}

async function send(path, { query = {}, body, signal, token }) {
  const parameters = new URLSearchParams(query).toString();
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, REQUEST_TIMEOUT);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(`/api/2.0/${path}${parameters && `?${parameters}`}`, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      cache: "no-store",
      // Without this, browsers ask for a password by themselves when they see a 401.
      credentials: "omit",
      redirect: "error",
      signal: limit.signal,
    });
    const text = await response.text();
    noteServerTime(response);
    return { status: response.status, ok: response.ok, text };
  } catch {
    throw new UnreachableError("Cannot reach the server.");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Calls the API; throws APIError, UnreachableError or PageLeftError. */
async function api(path, options = {}) {
  const token = options.token ?? session.token;
  if (!token) throw new PageLeftError();
  const answer = await send(path, { ...options, token });
  if (options.signal?.aborted) throw new PageLeftError();
  let json = null;
  try { json = JSON.parse(answer.text); } catch { /* A proxy's error page, perhaps. */ }
  if (answer.ok && json !== null) return json;
  const message = typeof json?.message === "string" && json.message !== "" ? json.message
    : answer.ok ? "The server's answer is not JSON." : `The server answered with the status ${answer.status}.`;
  const error = new APIError(answer.ok ? 502 : answer.status, json?.error_code ?? "", message);
  if (!options.token && await isTokenRefused(error, token)) {
    if (session.token === token) {
      session.end(`The server no longer accepts your token: ${message} Please log in again.`);
    }
    throw new PageLeftError();
  }
  throw error;
}

/** A harmless call that any valid token may make. */
const checkToken = (token) => api("jobs/runs/list", { query: { limit: 1 }, token });

/** 401 and 403 end the session, unless the token is good and only this one thing is not allowed. */
async function isTokenRefused(error, token) {
  if (error.status === 401) return true;
  if (error.status !== 403) return false;
  try {
    await checkToken(token);
    return false;
  } catch (second) {
    return second instanceof APIError && (second.status === 401 || second.status === 403);
  }
}

/**
 * Calls `step` until the page is left, while the page is visible. `step` returns the milliseconds until the next
 * call, or null when there is nothing more to come. A lost server is tried again; another error goes to `failed`.
 */
function poll(signal, step, failed = showFailure) {
  let timer = 0;
  let isRunning = false;
  let isWanted = false;
  let hasEnded = false;
  let failures = 0;

  async function run() {
    clearTimeout(timer);
    if (signal.aborted || hasEnded || document.hidden) return;
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    isWanted = false;
    let delay = null;
    try {
      delay = await step();
      if (signal.aborted) return;
      failures = 0;
      setConnection("");
    } catch (error) {
      if (signal.aborted || error instanceof PageLeftError) return;
      if (error instanceof UnreachableError || (error instanceof APIError && error.isTransient)) {
        failures += 1;
        delay = Math.min(1000 * 2 ** (failures - 1), 8000);
        setConnection(error instanceof UnreachableError ? "Cannot reach the server, trying again…"
          : `${error.message} Trying again…`);
      } else {
        setConnection("");
        failed(error);
      }
    } finally {
      isRunning = false;
    }
    if (delay === null) hasEnded = true;
    else timer = setTimeout(run, isWanted ? 0 : delay);
  }

  document.addEventListener("visibilitychange", run, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  run();
  return { now: run };
}

function showFailure(error) {
  if (!(error instanceof APIError)) console.error(error);
  leaving.abort();
  const message = error instanceof APIError ? error.message : `This page has a fault: ${error.message}`;
  setTitle("Error");
  byId("page").replaceChildren(
    el("div", { class: "card", role: "alert" },
      heading("This cannot be shown"),
      el("p", {}, message),
      error.code ? el("p", { class: "dim" }, `${error.code} (HTTP ${error.status})`) : null,
      el("p", {}, link("#jobs", "All jobs"), " · ", link("#runs", "All runs"))));
}

/** A button that calls the API: one call at a time, the outcome as a message. */
function actionButton(label, attributes, work) {
  const button = el("button", { type: "button", ...attributes }, label);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } catch (error) {
      if (error instanceof UnreachableError) {
        notify("error", `Cannot reach the server: it is not known whether “${label}” was carried out.`);
      } else if (error instanceof APIError) {
        notify("error", error.message);
      } else if (!(error instanceof PageLeftError)) {
        console.error(error);
        notify("error", `“${label}” failed: ${error.message}`);
      }
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
  return button;
}

/** Idempotency tokens of run-now requests whose answer never came: a second try starts no second run. */
const unanswered = new Map();

function newToken() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function runNow(jobID, name) {
  const token = unanswered.get(jobID) ?? newToken();
  unanswered.set(jobID, token);
  let answer;
  try {
    answer = await api("jobs/run-now", { body: { job_id: jobID, idempotency_token: token } });
  } catch (error) {
    if (error instanceof UnreachableError) {
      notify("error", "Cannot reach the server: it is not known whether the run was started. “Run now” can be "
        + "pressed again; that will not start a second one.");
      return;
    }
    unanswered.delete(jobID);
    throw error;
  }
  unanswered.delete(jobID);
  const run = { job_id: jobID, run_id: answer.run_id };
  notify("done", `Run ${answer.run_id} of `, named(name), " was accepted. ", runLink(run, `Open run ${answer.run_id}`));
}

function runNowButton(job, attributes, done = () => {}) {
  const name = job.settings?.name ?? `job ${job.job_id}`;
  return actionButton("Run now", attributes, async () => {
    await runNow(job.job_id, name);
    done();
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Values as text

const isTime = (ms) => Number.isFinite(ms) && ms > 0 && ms < 8.64e15;
const utcText = (ms) => `${new Date(ms).toISOString().replace("T", " ").replace("Z", "")} UTC`;

const times = {
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

function time(ms) {
  if (!isTime(ms)) return dim("–");
  return el("time", { datetime: new Date(ms).toISOString(), title: utcText(ms), "data-ms": ms }, times.text(ms));
}

function durationText(ms) {
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

/** The age of an active run; a timer keeps it true. */
function elapsed(since) {
  const node = el("span", { "data-since": since }, "");
  updateElapsed(node);
  return node;
}

function updateElapsed(node) {
  node.textContent = ageText(serverNow() - Number(node.dataset.since));
}

/** A duration that goes on: in whole seconds. */
function ageText(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : durationText(seconds * 1000);
}

const ACTIVE = ["PENDING", "RUNNING", "TERMINATING"];
const isActive = (run) => ACTIVE.includes(run.state?.life_cycle_state);

function runDuration(run) {
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

/** A state as colour, sign and text; a state that this page does not know shows as the server names it. */
function stateBadge(state, isStep = false) {
  const life = state?.life_cycle_state ?? "unknown";
  const result = state?.result_state;
  const useResult = life === "TERMINATED" && result !== undefined && !isStep;
  const [kind, mark, text] = (useResult ? RESULTS[result] : STATES[life]) ?? ["flat", "?", useResult ? result : life];
  return el("span", { class: `badge ${kind} ${isStep ? "past" : ""}` },
    el("span", { class: "mark", "aria-hidden": "true" }, mark), el("span", {}, text));
}

const TASKS = {
  notebook_task: "Notebook",
  spark_jar_task: "Spark jar",
  spark_python_task: "Spark Python",
  spark_submit_task: "Spark submit",
  pipeline_task: "Pipeline",
  run_job_task: "Run job",
  shell_command_task: "Shell command",
};

const taskMember = (settings) => Object.keys(TASKS).find((member) => settings?.[member] !== undefined);
const taskType = (settings) => TASKS[taskMember(settings)] ?? "Unknown task";

const TRIGGERS = { PERIODIC: "Schedule", ONE_TIME: "On demand", RETRY: "Retry" };
const triggerText = (trigger) => TRIGGERS[trigger] ?? trigger ?? "–";

const isPaused = (schedule) => schedule?.pause_status === "PAUSED";

function scheduleNode(schedule) {
  if (!schedule) return dim("none");
  return el("span", {}, el("code", {}, schedule.quartz_cron_expression ?? ""), " ", schedule.timezone_id ?? "",
    isPaused(schedule) ? [" ", el("span", { class: "badge wait" }, "paused")] : null);
}

/** Any JSON value in readable form. */
function valueNode(value) {
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
function definitions(entries) {
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
function settingsEntries(settings) {
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

/** A collapsible text with a button that copies it. `set` changes the text. */
function textBlock(summary, label, isOpen = false) {
  const pre = el("pre", { tabindex: "0", role: "region", "aria-label": label });
  const node = el("details", { open: isOpen }, el("summary", {}, summary),
    el("div", { class: "block" }, el("div", { class: "block-head" }, copyButton(() => pre.textContent)), pre));
  return { node, set(text) { if (pre.textContent !== text) pre.textContent = text; } };
}

/**
 * A table whose rows stay in place: only a row that has changed is made anew.
 * Columns are `{ title, cell, class }`; on a narrow screen a row becomes a card, hence the roles.
 */
function keyedTable(caption, key, columns) {
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

// ---------------------------------------------------------------------------------------------------------------------
// Login

function loginPage(root) {
  setTitle("Log in");
  const text = el("span", {}, session.message ?? "");
  const kind = `notice ${session.messageKind ?? ""}`;
  const notice = el("p", { class: kind, role: "alert", hidden: !session.message }, text);
  session.message = null;
  const say = (words) => {
    notice.className = "notice error";
    notice.hidden = words === "";
    text.textContent = words;
  };
  const field = el("input", {
    type: "password", id: "token", name: "token", required: true, autocomplete: "current-password",
    autocapitalize: "off", spellcheck: "false", "aria-describedby": "token-help",
  });
  const button = el("button", { type: "submit", class: "primary" }, "Log in");

  async function submit(event) {
    event.preventDefault();
    const token = field.value.trim();
    if (button.getAttribute("aria-disabled") === "true") return;
    if (!/^[\x21-\x7e]+$/.test(token)) {
      say(token === "" ? "Please give a token." : "A token has only ASCII letters, digits and signs, and no spaces.");
      return;
    }
    button.setAttribute("aria-disabled", "true");
    say("");
    try {
      await checkToken(token);
      session.begin(token);
      showRoute();
    } catch (error) {
      const isRefused = error instanceof APIError && (error.status === 401 || error.status === 403);
      say(error instanceof UnreachableError ? "Cannot reach the server. Please try again."
        : isRefused ? `The server does not accept this token: ${error.message}` : error.message);
      field.select();
    } finally {
      button.removeAttribute("aria-disabled");
    }
  }

  root.replaceChildren(el("div", { class: "card login" },
    heading("Log in"),
    notice,
    el("form", { onsubmit: submit, novalidate: true },
      el("label", { for: "token" }, "Access token"), field, button),
    el("p", { class: "dim", id: "token-help" },
      "The first start of the server writes a token to ", el("code", {}, "admin-token"), " in its data directory; ",
      el("code", {}, "lamplighter token create"), " makes more. This tab forgets it when it is closed.")));
  field.focus();
}

// ---------------------------------------------------------------------------------------------------------------------
// Jobs

let jobFilter = "";

function jobsPage(root, route, signal) {
  setTitle("Jobs");
  let jobs = [];
  let limit = JOBS_SHOWN;

  const table = keyedTable("Jobs, newest first", (job) => job.job_id, [
    { title: "Name", cell: (job) => jobLink(job.job_id, named(job.settings?.name ?? "Untitled")) },
    { title: "Id", class: "tight number", cell: (job) => String(job.job_id) },
    { title: "Task", class: "tight", cell: (job) => taskType(job.settings) },
    { title: "Schedule", cell: (job) => scheduleNode(job.settings?.schedule) },
    { title: "Creator", cell: (job) => named(job.creator_user_name ?? "–") },
    { title: "Created", cell: (job) => time(job.created_time) },
    {
      title: "Actions", hidesTitle: true, class: "tight bare",
      cell: (job) => runNowButton(job, { class: "small", "aria-label": `Run now: ${plain(job.settings?.name)}` }),
    },
  ]);
  const field = el("input", {
    type: "search", id: "filter", placeholder: "Name, id, task, schedule or creator", autocomplete: "off",
    oninput: () => { jobFilter = field.value; limit = JOBS_SHOWN; show(); },
  });
  field.value = jobFilter;
  const count = el("p", { class: "dim", role: "status" });
  const empty = el("p", { class: "empty" }, "Loading…");
  const more = el("button", { type: "button", onclick: () => { limit += JOBS_SHOWN; show(); } }, "Show more");
  const search = (job) => [
    job.settings?.name, job.job_id, taskType(job.settings), job.creator_user_name,
    job.settings?.schedule?.quartz_cron_expression, job.settings?.schedule?.timezone_id,
    isPaused(job.settings?.schedule) ? "paused" : "",
  ].join("\n").toLowerCase();

  function show() {
    const words = jobFilter.toLowerCase().split(/\s+/).filter(Boolean);
    const found = words.length === 0 ? jobs : jobs.filter((job) => words.every((word) => search(job).includes(word)));
    const shown = found.slice(0, limit);
    table.show(shown);
    table.node.hidden = shown.length === 0;
    more.hidden = shown.length === found.length;
    empty.hidden = shown.length > 0;
    empty.textContent = jobs.length === 0 ? "There are no jobs yet. Create one with POST /api/2.0/jobs/create."
      : "No job matches the filter.";
    const all = `${jobs.length} ${jobs.length === 1 ? "job" : "jobs"}`;
    const text = words.length === 0 ? all : `${found.length} of ${all}`;
    count.textContent = shown.length < found.length ? `${text}, the first ${shown.length} shown` : text;
  }

  table.node.hidden = true;
  more.hidden = true;
  root.replaceChildren(
    el("div", { class: "head" }, el("div", {}, heading("Jobs"))),
    el("section", { class: "card", "aria-label": "Jobs" },
      el("div", { class: "tools" },
        el("div", { class: "field" }, el("label", { for: "filter", class: "hidden-text" }, "Filter the jobs"), field),
        count),
      table.node, empty, more));

  poll(signal, async () => {
    const answer = await api("jobs/list", { signal });
    jobs = (answer.jobs ?? []).sort((a, b) => b.job_id - a.job_id);
    show();
    // The whole list comes at once: a long one less often.
    return jobs.length < 500 ? 10_000 : 120_000;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Lists of runs

const FILTERS = { all: "All", active: "Active", completed: "Completed" };

/** A page of runs, of one job or of all; `base` is its place in the URL without filter and offset. */
function runsList({ signal, base, filter, offset, jobID }) {
  const address = (newFilter, newOffset) => {
    const query = new URLSearchParams();
    if (newFilter !== "all") query.set("filter", newFilter);
    if (newOffset > 0) query.set("offset", newOffset);
    const text = query.toString();
    return base + (text && `?${text}`);
  };
  const table = keyedTable("Runs, newest first", (run) => run.run_id, [
    {
      title: "Run", class: "tight number",
      cell: (run) => [
        runLink(run, String(run.run_id)),
        run.attempt_number > 0 ? dim(` attempt ${run.attempt_number + 1}`) : null,
      ],
    },
    jobID ? null : {
      title: "Name",
      cell: (run) => [
        runLink(run, named(run.run_name || "Untitled")),
        run.run_type === "SUBMIT_RUN" ? dim(" one-time")
          : [dim(" of "), jobLink(run.job_id, `job ${run.job_id}`)],
      ],
    },
    { title: "State", class: "tight", cell: (run) => stateBadge(run.state) },
    { title: "Trigger", class: "tight", cell: (run) => triggerText(run.trigger) },
    { title: "Started", cell: (run) => time(run.start_time) },
    { title: "Duration", class: "tight number", cell: runDuration },
    { title: "Creator", cell: (run) => named(run.creator_user_name ?? "–") },
  ].filter(Boolean));
  const tabs = el("nav", { class: "tabs", "aria-label": "Filter the runs" },
    Object.entries(FILTERS).map(([name, title]) =>
      el("a", { href: address(name, 0), "aria-current": name === filter ? "page" : null }, title)));
  const empty = el("p", { class: "empty" }, "Loading…");
  const newer = link(address(filter, Math.max(0, offset - PAGE_SIZE)), "← Newer");
  const older = link(address(filter, offset + PAGE_SIZE), "Older →");
  const range = el("span", { class: "dim" });
  const pages = el("nav", { class: "pages", "aria-label": "Pages of runs" }, newer, range, older);
  table.node.hidden = true;
  pages.hidden = true;

  const poller = poll(signal, async () => {
    const query = { limit: PAGE_SIZE, offset };
    if (jobID) query.job_id = jobID;
    if (filter === "active") query.active_only = true;
    if (filter === "completed") query.completed_only = true;
    const answer = await api("jobs/runs/list", { query, signal });
    const runs = answer.runs ?? [];
    table.show(runs);
    table.node.hidden = runs.length === 0;
    empty.hidden = runs.length > 0;
    empty.textContent = offset > 0 ? "There are no older runs." : filter === "all" ? "There are no runs yet."
      : `There are no ${filter} runs.`;
    newer.hidden = offset === 0;
    older.hidden = !answer.has_more;
    pages.hidden = newer.hidden && older.hidden;
    range.textContent = runs.length === 0 ? "" : `${offset + 1}–${offset + runs.length}`;
    return runs.some(isActive) ? 2000 : 5000;
  });
  return { nodes: [el("div", { class: "tools" }, tabs), table.node, empty, pages], now: poller.now };
}

function runsPage(root, route, signal) {
  setTitle("Runs");
  const list = runsList({ signal, base: "#runs", filter: route.filter, offset: route.offset });
  root.replaceChildren(
    el("div", { class: "head" }, el("div", {}, heading("Runs"))),
    el("section", { class: "card", "aria-label": "Runs" }, list.nodes));
}

// ---------------------------------------------------------------------------------------------------------------------
// A job

function curlExample(jobID) {
  return `curl -X POST '${location.origin}/api/2.0/jobs/run-now' \\\n`
    + `  -H "Authorization: Bearer $LAMPLIGHTER_TOKEN" \\\n`
    + `  -d '{"job_id": ${Number(jobID)}}'`;
}

function jobPage(root, route, signal) {
  const jobID = route.jobID;
  let isBuilt = false;
  let list = null;
  const title = heading(`Job ${jobID}`);
  const settings = el("div", {});
  const raw = textBlock("Settings as JSON", "Settings as JSON");
  const curl = textBlock("Run it from a shell", "Example with curl", true);
  curl.set(curlExample(jobID));
  setTitle(`Job ${jobID}`);
  root.replaceChildren(el("p", { class: "dim" }, "Loading…"));

  function build(job) {
    const name = () => title.textContent;
    const refresh = () => list.now();
    list = runsList({ signal, base: `#job/${jobID}`, filter: route.filter, offset: route.offset, jobID });
    root.replaceChildren(
      el("div", { class: "head" },
        el("div", {}, title, el("p", { class: "dim" }, `Job ${jobID}`)),
        el("div", { class: "actions" },
          runNowButton(job, { class: "primary" }, refresh),
          actionButton("Cancel all active runs", {}, async () => {
            const yes = await confirmed({
              title: "Cancel all active runs?", text: `Every run of “${name()}” that has not ended is cancelled.`,
              yes: "Cancel the runs", no: "Keep them running",
            });
            if (!yes) return;
            await api("jobs/runs/cancel-all", { body: { job_id: jobID } });
            notify("done", "The active runs are being cancelled.");
            refresh();
          }),
          actionButton("Delete job", { class: "danger" }, async () => {
            const yes = await confirmed({
              title: "Delete this job?",
              text: `“${name()}” (job ${jobID}) and the history of its runs go for good; active runs are cancelled.`,
              yes: "Delete job",
            });
            if (!yes) return;
            await api("jobs/delete", { body: { job_id: jobID } });
            leave(signal, "#jobs", `Job ${jobID} was deleted.`);
          }))),
      el("section", { class: "card", "aria-labelledby": "job-runs" }, el("h2", { id: "job-runs" }, "Runs"), list.nodes),
      el("section", { class: "card", "aria-labelledby": "job-settings" },
        el("h2", { id: "job-settings" }, "Settings"), settings, curl.node, raw.node));
  }

  poll(signal, async () => {
    const job = await api("jobs/get", { query: { job_id: jobID }, signal });
    const name = job.settings?.name ?? "Untitled";
    fill(title, name, () => named(name));
    setTitle(name);
    if (!isBuilt) {
      isBuilt = true;
      build(job);
      if (document.activeElement === root) title.focus();
    }
    fill(settings, job, () => definitions([
      ["Name", named(name)],
      ["Job id", String(job.job_id)],
      ["Creator", named(job.creator_user_name ?? "–")],
      ["Runs as", named(job.run_as_user_name ?? job.run_as ?? "–")],
      ["Created", time(job.created_time)],
      ...settingsEntries(job.settings ?? {}),
      ...(job.unknown_fields ? [["Fields without effect, unknown to this server", job.unknown_fields.join(", ")]] : []),
    ]));
    raw.set(JSON.stringify(job.settings ?? {}, null, 2));
    return 10_000;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// A run

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

function durationBar(run, transitions) {
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

function transitionLine(transitions) {
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

/** Text that grows: only what is new is added, and the view follows only while its reader is at the end. */
function logView(label) {
  const pre = el("pre", { class: "logs", tabindex: "0", role: "region", "aria-label": label });
  const toEnd = el("button", {
    type: "button", class: "small", hidden: true,
    onclick: () => { pre.scrollTop = pre.scrollHeight; pre.focus(); },
  }, "Go to the end");
  const isAtEnd = () => pre.scrollHeight - pre.scrollTop - pre.clientHeight < 12;
  let shown = "";
  let isLive = false;
  const update = () => { toEnd.hidden = !isLive || isAtEnd(); };
  pre.addEventListener("scroll", update, { passive: true });

  function set(text, live) {
    isLive = live;
    if (text !== shown) {
      const follows = live && isAtEnd();
      if (shown !== "" && text.startsWith(shown)) pre.append(plain(text.slice(shown.length)));
      else pre.textContent = plain(text);
      shown = text;
      if (follows) pre.scrollTop = pre.scrollHeight;
    }
    update();
  }

  return { pre, toEnd, set, get text() { return shown; } };
}

function downloadText(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function outputSection(runID) {
  const logs = logView("Logs");
  const wrap = el("input", { type: "checkbox", onchange: () => logs.pre.classList.toggle("wrap", wrap.checked) });
  const download = () => downloadText(`run-${runID}.log`, logs.text);
  const problem = el("div", {});
  const result = el("div", {});
  const note = el("p", { class: "dim", role: "status" });
  const logBlock = el("div", { class: "block", hidden: true },
    el("div", { class: "block-head many" },
      el("h3", {}, "Logs"), logs.toEnd, el("label", {}, wrap, "Wrap lines"), copyButton(() => logs.text),
      el("button", { type: "button", class: "small", onclick: download }, "Download")),
    logs.pre);
  const node = el("section", { class: "card", "aria-labelledby": "run-output" },
    el("h2", { id: "run-output" }, "Output"), problem, result, note, logBlock);

  const textPart = (name, text, kind = "") => el("div", { class: "block" },
    el("div", { class: "block-head" }, el("h3", {}, name), copyButton(() => text)),
    el("pre", { class: kind, tabindex: "0", role: "region", "aria-label": name }, plain(text)));

  function show(output, run) {
    fill(problem, [output.error, output.error_trace], () => [
      output.error ? textPart("Error", output.error, "error") : null,
      output.error_trace ? textPart("Error trace", output.error_trace) : null,
    ]);
    const notebook = output.notebook_output;
    fill(result, notebook, () => (notebook?.result === undefined ? null : [
      textPart("Result of the notebook", notebook.result, "wrap"),
      notebook.truncated ? el("p", { class: "dim" }, "The result is longer than what the API returns.") : null,
    ]));
    const text = output.logs ?? "";
    logBlock.hidden = text === "";
    logs.set(text, isActive(run));
    const isEmpty = text === "" && !output.error && notebook?.result === undefined;
    const words = [
      output.logs_truncated ? "The logs are longer than what the API returns: they are not complete here." : "",
      isEmpty ? (isActive(run) ? "No output yet." : "The run has no output.") : "",
    ].filter(Boolean).join(" ");
    if (note.textContent !== words) note.textContent = words;
    note.hidden = words === "";
  }

  function fail(message) {
    note.hidden = false;
    note.textContent = `The output cannot be shown: ${message}`;
  }

  return { node, show, fail, get size() { return logs.text.length; } };
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

function summaryEntries(run, attempts) {
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

function taskEntries(run) {
  const member = taskMember(run.task);
  return [
    ["Type", taskType(run.task)],
    ...Object.entries(run.task?.[member] ?? {}).map(([name, value]) => [name, valueNode(value)]),
    run.overriding_parameters ? ["Parameters of this run", valueNode(run.overriding_parameters)] : null,
    ["Cluster", valueNode(run.cluster_spec)],
  ];
}

function runPage(root, route, signal) {
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

  /** What comes after the run itself may fail without taking the page with it. */
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
    if (!active || Date.now() >= outputDue) {
      await part(async () => {
        const answer = await api("jobs/runs/get-output", { query: { run_id: runID }, signal });
        output.show(answer, run);
      }, output.fail);
      // The API sends the whole output each time: a long one less often.
      outputDue = Date.now() + (output.size > LARGE_LOGS ? 5000 : 0);
    }
    return active ? 1000 : null;
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Routes

/** `#jobs`, `#runs?filter=active&offset=25`, `#job/1`, `#job/1/run/2`. */
function parseRoute(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const filter = Object.hasOwn(FILTERS, query.get("filter") ?? "") ? query.get("filter") : "all";
  const offset = /^\d{1,9}$/.test(query.get("offset") ?? "") ? Number(query.get("offset")) : 0;
  const place = path.replace(/\/$/, "");
  if (place === "" || place === "jobs") return { page: jobsPage, nav: "jobs" };
  if (place === "runs") return { page: runsPage, nav: "runs", filter, offset };
  const [, jobID, runID] = /^job\/(\d{1,15})(?:\/run\/(\d{1,15}))?$/.exec(place) ?? [];
  if (runID) return { page: runPage, nav: "runs", jobID: Number(jobID), runID: Number(runID) };
  if (jobID) return { page: jobPage, nav: "jobs", jobID: Number(jobID), filter, offset };
  return { page: () => showFailure(new APIError(404, "", `These pages have no “#${place}”.`)) };
}

let leaving = new AbortController();
let hasShownRoute = false;
let farewell = null;

/** Goes from the page that `signal` belongs to, if it is still shown, to another, where the message is shown. */
function leave(signal, hash, message) {
  if (signal.aborted) {
    notify("done", message);
    return;
  }
  farewell = message;
  location.replace(hash);
}

/** Shows what the URL asks for; without a token, the login, and after it what the URL asks for. */
function showRoute() {
  leaving.abort();
  leaving = new AbortController();
  const hasToken = Boolean(session.token);
  const root = byId("page");
  if (byId("confirm").open) byId("confirm").close("no");
  byId("notices").replaceChildren();
  setConnection("");
  for (const id of ["nav", "logout", "footer"]) byId(id).hidden = !hasToken;
  if (!hasToken) {
    loginPage(root);
    return;
  }
  const route = parseRoute(location.hash);
  for (const item of document.querySelectorAll("[data-nav]")) {
    if (item.dataset.nav === route.nav) item.setAttribute("aria-current", "page");
    else item.removeAttribute("aria-current");
  }
  root.replaceChildren();
  scrollTo(0, 0);
  route.page(root, route, leaving.signal);
  if (farewell) notify("done", farewell);
  farewell = null;
  if (hasShownRoute) (root.querySelector("h1") ?? root).focus();
  hasShownRoute = true;
}

byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  byId("page").focus();
});
byId("logout").addEventListener("click", () => session.end("You have logged out.", "done"));
byId("zone-switch").addEventListener("click", () => times.toggle());
addEventListener("hashchange", showRoute);
setInterval(() => {
  if (!document.hidden) for (const node of document.querySelectorAll("[data-since]")) updateElapsed(node);
}, 1000);

session.load();
times.load();
showRoute();
