// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { runNowButton } from "./actions.js";
import { api } from "./api.js";
import { keyedTable } from "./blocks.js";
import { heading, jobLink, named, setTitle } from "./dom.js";
import { el, plain } from "./elements.js";
import { poll } from "./poll.js";
import { isPaused, scheduleNode, taskType, time } from "./values.js";

// The list of jobs.

const JOBS_SHOWN = 200;

let jobFilter = "";

export function jobsPage(root, route, signal) {
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
    // Each poll loads the whole list: a long one is polled less often.
    return jobs.length < 500 ? 10_000 : 120_000;
  });
}

/** Another user may log in. */
export function forgetFilter() {
  jobFilter = "";
}
