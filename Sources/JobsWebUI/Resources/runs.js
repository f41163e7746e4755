// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { api } from "./api.js";
import { keyedTable } from "./blocks.js";
import { dim, heading, jobLink, link, named, runLink, setTitle } from "./dom.js";
import { el } from "./elements.js";
import { poll } from "./poll.js";
import { isActive, runDuration, stateBadge, time, triggerText } from "./values.js";

// Lists of runs.

const PAGE_SIZE = 25;
export const FILTERS = { all: "All", active: "Active", completed: "Completed" };

/** A page of runs, of one job or of all; `base` is its place in the URL without filter and offset. */
export function runsList({ signal, base, filter, offset, jobID }) {
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

export function runsPage(root, route, signal) {
  setTitle("Runs");
  const list = runsList({ signal, base: "#runs", filter: route.filter, offset: route.offset });
  root.replaceChildren(
    el("div", { class: "head" }, el("div", {}, heading("Runs"))),
    el("section", { class: "card", "aria-label": "Runs" }, list.nodes));
}
