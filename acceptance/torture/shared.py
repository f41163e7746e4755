# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the clients of the load know of each other."""

import threading


class Shared:
    """The jobs and runs that there are, and whether there is space for more. For many threads."""

    def __init__(self, journal, tasks, max_schedules):
        self.journal = journal
        self.tasks = tasks
        self.jobs = {}
        self.runs = []
        self.lock = threading.Lock()
        self.stop = threading.Event()
        # Set while the machine has as many runs as it can do.
        self.saturated = threading.Event()
        self.schedules = threading.Semaphore(max_schedules)
        self.count = 0

    def number(self):
        with self.lock:
            self.count += 1
            return self.count

    def learned(self, run):
        with self.lock:
            self.runs.append(run)

    def any_run(self, random):
        """One of the newest."""
        with self.lock:
            return random.choice(self.runs[-60:]) if self.runs else None

    def any_job(self, random):
        with self.lock:
            return random.choice(list(self.jobs)) if self.jobs else None
