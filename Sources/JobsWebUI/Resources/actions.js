// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { api, APIError, PageLeftError, UnreachableError } from "./api.js";
import { named, runLink } from "./dom.js";
import { el } from "./elements.js";
import { notify } from "./messages.js";

// Buttons that call the API.

/** A button that calls the API: one call at a time, the outcome as a message. */
export function actionButton(label, attributes, work) {
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

/** Idempotency tokens of run-now requests without a response: a retry starts no second run. */
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

export function runNowButton(job, attributes, done = () => {}) {
  const name = job.settings?.name ?? `job ${job.job_id}`;
  return actionButton("Run now", attributes, async () => {
    await runNow(job.job_id, name);
    done();
  });
}
