// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { APIError } from "./api.js";
import { byId, heading, link, setTitle } from "./dom.js";
import { el } from "./elements.js";
import { notify } from "./messages.js";

// The page that is shown.

/** `leaving` tells a page that it is left; `farewell` is what the next one says first. */
export const place = { leaving: new AbortController(), farewell: null };

/** Goes from the page that `signal` belongs to, if it is still shown, to another, where the message is shown. */
export function leave(signal, hash, message) {
  if (signal.aborted) {
    notify("done", message);
    return;
  }
  place.farewell = message;
  location.replace(hash);
}

export function showFailure(error) {
  if (!(error instanceof APIError)) console.error(error);
  place.leaving.abort();
  const message = error instanceof APIError ? error.message : `This page has a fault: ${error.message}`;
  setTitle("Error");
  byId("page").replaceChildren(
    el("div", { class: "card", role: "alert" },
      heading("This cannot be shown"),
      el("p", {}, message),
      error.code ? el("p", { class: "dim" }, `${error.code} (HTTP ${error.status})`) : null,
      el("p", {}, link("#jobs", "All jobs"), " · ", link("#runs", "All runs"))));
}
