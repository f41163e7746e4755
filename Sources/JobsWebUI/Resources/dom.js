// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { el, plain } from "./elements.js";

// Parts of the document. Everything the server sends (names, messages, logs) is hostile input: it becomes text nodes,
// never markup.

export const byId = (id) => document.getElementById(id);

/** A name chosen by a user, isolated (<bdi>): right-to-left text must not reorder the text around it. */
export const named = (text) => el("bdi", {}, plain(text));
export const dim = (...children) => el("span", { class: "dim" }, ...children);
export const link = (hash, ...children) => el("a", { href: hash }, ...children);
export const jobLink = (job, ...children) => link(`#job/${Number(job)}`, ...children);
export const runLink = (run, ...children) => link(`#job/${Number(run.job_id)}/run/${Number(run.run_id)}`, ...children);

const focusable = (node) => [...node.querySelectorAll("a[href], button, summary, input")];

/** Changes a part of the page and restores the focus to the element in the same place. */
export function keepingFocus(container, change) {
  const place = focusable(container).indexOf(document.activeElement);
  const replacement = change() ?? container;
  if (place >= 0 && document.activeElement !== focusable(replacement)[place]) focusable(replacement)[place]?.focus();
}

/** Fills a container, but only if what it shows has changed: so selections and open details survive a poll. */
export function fill(container, shown, make) {
  const print = JSON.stringify(shown ?? null);
  if (container.shownPrint === print) return;
  container.shownPrint = print;
  keepingFocus(container, () => container.replaceChildren(...[make()].flat(Infinity).filter(Boolean)));
}

export function heading(text) {
  return el("h1", { tabindex: "-1" }, named(text));
}

export function setTitle(text) {
  document.title = `${plain(text)} · Lamplighter`;
}
