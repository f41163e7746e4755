// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { APIError, checkToken, UnreachableError } from "./api.js";
import { heading, setTitle } from "./dom.js";
import { el } from "./elements.js";
import { session } from "./session.js";

export function loginPage(root) {
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
      session.changed();
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
