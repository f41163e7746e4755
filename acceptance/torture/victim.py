# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The server, and what kills it."""

import os
import pathlib
import select
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import program  # noqa: E402

START_SECONDS = 60
ARGUMENTS = ("--max-job-creations-per-hour", "0", "--grace-period-seconds", "3", "--log-level", "warning")


class Victim:
    """A server on one directory and, from its first start on, one port."""

    def __init__(self, data, journal, random):
        self.data = pathlib.Path(data)
        self.log = self.data.with_suffix(".log")
        self.journal = journal
        self.random = random
        self.port = 0
        self.process = None
        self.start_seconds = 1.0

    @property
    def token(self):
        return (self.data / "admin-token").read_text().strip()

    def spawn(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [program(), "serve", "--data", str(self.data), "--port", str(self.port), *ARGUMENTS],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, env=os.environ)

    def wait_until_listening(self):
        """False, and a fault, when the server does not start."""
        begin = time.monotonic()
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line.startswith("listening on "):
            self.journal.fault(f"the server did not start: {line}{self.log.read_text(errors='replace')[-1000:]}")
            return False
        self.start_seconds = max(0.05, time.monotonic() - begin)
        self.port = int(line.strip().rsplit(":", 1)[1])
        return True

    def kill(self, when):
        """SIGKILL; a fault when it was dead already."""
        status = self.process.poll()
        if status is not None:
            tail = self.log.read_text(errors="replace")[-1000:]
            self.journal.fault(f"the server ended by itself ({when}), status {status}: {tail}")
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.journal.killed(when)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


class Killer(threading.Thread):
    """Kills and starts again, until told to stop; the server lives then."""

    def __init__(self, victim, stop):
        super().__init__(name="killer", daemon=True)
        self.victim = victim
        self.stop = stop
        self.is_broken = False

    def run(self):
        try:
            while not self.stop.is_set():
                self._one_death()
        except Exception as error:  # noqa: BLE001: a killer that dies would look like a server that lives
            self.is_broken = True
            self.victim.journal.fault(f"the killer broke: {error!r}")

    def _one_death(self):
        victim, random = self.victim, self.victim.random
        when = random.choices(["at work", "just listening", "starting"], [6, 2, 2])[0]
        pause = {
            "at work": random.uniform(1, 7), "just listening": random.uniform(0, 0.05),
            "starting": random.uniform(0, victim.start_seconds)}[when]
        if when == "starting":
            # The server that is there dies for it, at work.
            victim.kill("at work")
            victim.spawn()
            self.stop.wait(pause)
            victim.kill(when)
        else:
            self.stop.wait(pause)
            victim.kill(when)
            if random.random() < 0.1:
                # Long enough for schedules to miss instants.
                self.stop.wait(random.uniform(2, 5))
        victim.spawn()
        if not victim.wait_until_listening():
            self.is_broken = True
            self.stop.set()
