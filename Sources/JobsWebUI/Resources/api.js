// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { parseExact } from "./elements.js";
import { session } from "./session.js";

// Calls of the API.

const REQUEST_TIMEOUT = 30_000;

/** The API answered with an error. */
export class APIError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  get isTransient() { return this.status >= 500 || this.status === 429; }
}

export class UnreachableError extends Error {}

/** Another page or the login is shown already; no message is needed. */
export class PageLeftError extends Error {}

/** Server time minus the time of this device, in ms: for the age of active runs. */
let clockSkew = 0;
export const serverNow = () => Date.now() + clockSkew;

function noteServerTime(response) {
  const skew = Date.parse(response.headers.get("Date") ?? "") + 500 - Date.now();
  clockSkew = Math.abs(skew) > 2000 ? skew : 0;
}

async function send(path, { query = {}, body, signal, token }) {
  const parameters = new URLSearchParams(query).toString();
  const limit = new AbortController();
  const stop = () => limit.abort();
  const timer = setTimeout(stop, REQUEST_TIMEOUT);
  signal?.addEventListener("abort", stop);
  try {
    const response = await fetch(`/api/2.0/${path}${parameters && `?${parameters}`}`, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      cache: "no-store",
      // Without this, browsers show their own password dialog on a 401.
      credentials: "omit",
      redirect: "error",
      signal: limit.signal,
    });
    const text = await response.text();
    noteServerTime(response);
    return { status: response.status, ok: response.ok, text };
  } catch {
    throw new UnreachableError("Cannot reach the server.");
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}

/** Calls the API; throws APIError, UnreachableError or PageLeftError. */
export async function api(path, options = {}) {
  const token = options.token ?? session.token;
  if (!token) throw new PageLeftError();
  const answer = await send(path, { ...options, token });
  if (options.signal?.aborted) throw new PageLeftError();
  let json = null;
  try { json = parseExact(answer.text); } catch { /* A proxy's error page, perhaps. */ }
  if (answer.ok && json !== null) return json;
  const message = typeof json?.message === "string" && json.message !== "" ? json.message
    : answer.ok ? "The server's answer is not JSON." : `The server answered with the status ${answer.status}.`;
  const error = new APIError(answer.ok ? 502 : answer.status, json?.error_code ?? "", message);
  if (!options.token && await isTokenRefused(error, token)) {
    if (session.token === token) {
      session.end(`The server no longer accepts your token: ${message} Please log in again.`);
    }
    throw new PageLeftError();
  }
  throw error;
}

/** A harmless call that any valid token may make. */
export const checkToken = (token) => api("jobs/runs/list", { query: { limit: 1 }, token });

/** 401 and 403 end the session, unless the token is good and only this one thing is not allowed. */
async function isTokenRefused(error, token) {
  if (error.status === 401) return true;
  if (error.status !== 403) return false;
  try {
    await checkToken(token);
    return false;
  } catch (second) {
    return second instanceof APIError && (second.status === 401 || second.status === 403);
  }
}
