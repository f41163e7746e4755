// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// The token: for this tab only.

export const session = {
  key: "lamplighter.token",
  token: null,
  /** Called when there is a token, and when there is none any more. */
  changed() {},
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
    this.changed();
  },
};
