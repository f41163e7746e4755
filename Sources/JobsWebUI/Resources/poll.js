// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import { APIError, PageLeftError, UnreachableError } from "./api.js";
import { setConnection } from "./messages.js";
import { showFailure } from "./place.js";

/**
 * Calls `step` until the page is left, while the page is visible. `step` returns the milliseconds until the next
 * call, or null to stop. An unreachable server is tried again; other errors go to `failed`.
 */
export function poll(signal, step, failed = showFailure) {
  let timer = 0;
  let isRunning = false;
  let isWanted = false;
  let hasEnded = false;
  let failures = 0;

  async function run() {
    clearTimeout(timer);
    if (signal.aborted || hasEnded || document.hidden) return;
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    isWanted = false;
    let delay = null;
    try {
      delay = await step();
      if (signal.aborted) return;
      failures = 0;
      setConnection("");
    } catch (error) {
      if (signal.aborted || error instanceof PageLeftError) return;
      if (error instanceof UnreachableError || (error instanceof APIError && error.isTransient)) {
        failures += 1;
        delay = Math.min(1000 * 2 ** (failures - 1), 8000);
        setConnection(error instanceof UnreachableError ? "Cannot reach the server, trying again…"
          : `${error.message} Trying again…`);
      } else {
        setConnection("");
        failed(error);
      }
    } finally {
      isRunning = false;
    }
    if (delay === null) hasEnded = true;
    else timer = setTimeout(run, isWanted ? 0 : delay);
  }

  document.addEventListener("visibilitychange", run, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  run();
  return { now: run };
}
