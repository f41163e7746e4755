// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { APIError } from "./api.js";
import { byId } from "./dom.js";
import { jobPage } from "./job.js";
import { forgetFilter, jobsPage } from "./jobs.js";
import { listenToFrames } from "./frame.js";
import { loginPage } from "./login.js";
import { notify, setConnection } from "./messages.js";
import { place, showFailure } from "./place.js";
import { runPage } from "./run.js";
import { FILTERS, runsPage } from "./runs.js";
import { session } from "./session.js";
import { times, updateElapsed } from "./values.js";

// Routes.

/** `#jobs`, `#runs?filter=active&offset=25`, `#job/1`, `#job/1/run/2`. */
function parseRoute(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const query = new URLSearchParams(search);
  const filter = Object.hasOwn(FILTERS, query.get("filter") ?? "") ? query.get("filter") : "all";
  const offset = /^\d{1,9}$/.test(query.get("offset") ?? "") ? Number(query.get("offset")) : 0;
  const page = path.replace(/\/$/, "");
  if (page === "" || page === "jobs") return { page: jobsPage, nav: "jobs" };
  if (page === "runs") return { page: runsPage, nav: "runs", filter, offset };
  const [, jobID, runID] = /^job\/(\d{1,15})(?:\/run\/(\d{1,15}))?$/.exec(page) ?? [];
  if (runID) return { page: runPage, nav: "runs", jobID: Number(jobID), runID: Number(runID) };
  if (jobID) return { page: jobPage, nav: "jobs", jobID: Number(jobID), filter, offset };
  return { page: () => showFailure(new APIError(404, "", `These pages have no “#${page}”.`)) };
}

let hasShownRoute = false;

/** Shows what the URL asks for; without a token, the login, and after it what the URL asks for. */
function showRoute() {
  place.leaving.abort();
  place.leaving = new AbortController();
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
  route.page(root, route, place.leaving.signal);
  if (place.farewell) notify("done", place.farewell);
  place.farewell = null;
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

session.changed = () => {
  if (!session.token) forgetFilter();
  showRoute();
};
listenToFrames();
session.load();
times.load();
showRoute();
