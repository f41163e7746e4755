// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { actionButton, runNowButton } from "./actions.js";
import { api } from "./api.js";
import { textBlock } from "./blocks.js";
import { fill, heading, named, setTitle } from "./dom.js";
import { el } from "./elements.js";
import { confirmed, notify } from "./messages.js";
import { leave } from "./place.js";
import { poll } from "./poll.js";
import { runsList } from "./runs.js";
import { definitions, settingsEntries, time } from "./values.js";

// A job.

function curlExample(jobID) {
  return `curl -X POST '${location.origin}/api/2.0/jobs/run-now' \\\n`
    + `  -H "Authorization: Bearer $LAMPLIGHTER_TOKEN" \\\n`
    + `  -d '{"job_id": ${Number(jobID)}}'`;
}

export function jobPage(root, route, signal) {
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
