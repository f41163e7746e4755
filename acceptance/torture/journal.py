# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What was asked of the server and what it acknowledged, kept outside of it."""

import collections
import json
import pathlib
import threading
import time


def now():
    """Epoch milliseconds, by the clock that the server on this machine has too."""
    return time.time_ns() // 1_000_000


class Journal:
    """Requests in the order in which they were begun, what was seen of runs, and faults. For many threads.

    A request is a dict: `kind`, `sent` (when it was first sent), `acked` (when it was answered by 200; missing: never),
    `answer`, `lost` (True: it was sent, and no answer came), and what it was about."""

    def __init__(self):
        self.lock = threading.Lock()
        self.requests = []
        self.jobs = {}
        self.observations = collections.defaultdict(list)
        self.faults = []
        self.kills = []

    def begin(self, kind, **facts):
        request = {"kind": kind, "sent": now(), **facts}
        with self.lock:
            self.requests.append(request)
        return request

    def job(self, name, **facts):
        with self.lock:
            self.jobs[name] = facts

    def observe(self, run):
        """Notes a state that the API told, unless it is the one that it told before."""
        state = [run["state"]["life_cycle_state"], run["state"].get("result_state")]
        with self.lock:
            seen = self.observations[run["run_id"]]
            if not seen or seen[-1] != state:
                seen.append(state)

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    def killed(self, when):
        with self.lock:
            self.kills.append({"time": now(), "when": when})

    def save(self, path, **more):
        with self.lock:
            document = {
                "requests": self.requests, "jobs": self.jobs, "observations": self.observations,
                "faults": self.faults, "kills": self.kills, **more}
            pathlib.Path(path).write_text(json.dumps(document))
