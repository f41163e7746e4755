// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { byId } from "./dom.js";
import { el } from "./elements.js";

// What the pages say and ask, and the clipboard.

export function notify(kind, ...content) {
  const notice = el("div", { class: `notice ${kind}`, role: kind === "error" ? "alert" : null },
    el("span", {}, ...content),
    el("button", { type: "button", class: "link", onclick: () => notice.remove() }, "Dismiss"));
  byId("notices").append(notice);
  while (byId("notices").children.length > 3) byId("notices").firstChild.remove();
}

export function setConnection(text) {
  const line = byId("connection");
  if (line.textContent !== text) line.textContent = text;
}

/** Asks before something that cannot be undone. */
export function confirmed({ title, text, yes, no = "Go back" }) {
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
    // The clipboard API needs https or localhost; execCommand works elsewhere.
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

export function copyButton(text) {
  const label = "Copy";
  const button = el("button", { type: "button", class: "small", "aria-live": "polite" }, label);
  button.addEventListener("click", () => { if (button.textContent === label) copyText(text(), button); });
  return button;
}
