# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Kills the server with SIGKILL every few seconds while 64 clients work on it, and proves that nothing was lost,
nothing was launched twice and nothing is stuck. See acceptance/README.md."""

import argparse
import base64
import pathlib
import random
import shutil
import sys
import tempfile
import threading
import time

from checker import check
from clients import Client
from connection import Connection
from journal import Journal
from mutants import prove
from shared import Shared
from tasks import PYTHON, PYTHON_FILE, Tasks
from victim import Killer, Victim

SETTLE_SECONDS = 240


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seconds", type=float, help="instead of --minutes")
    parser.add_argument("--seed", type=int, default=None, help="of the load and of the deaths; default: a new one")
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--pause", type=float, default=1.5, help="seconds between a client's requests, on average")
    parser.add_argument("--max-active", type=int, default=100, help="runs at a time above which none is asked for")
    parser.add_argument("--schedules", type=int, default=20, help="jobs with a schedule at a time")
    parser.add_argument("--prove", action="store_true", help="then show that the checker finds mutants")
    parser.add_argument("--work", type=pathlib.Path, help="directory for everything, kept; default: a temporary one, "
                        "kept when a rule is broken")
    return parser.parse_args()


class Torture:
    def __init__(self, options, work, seed):
        self.options = options
        self.work = work
        self.journal = Journal()
        self.victim = Victim(work / "data", self.journal, random.Random(f"{seed}/deaths"))
        (work / "counters").mkdir()
        (work / "tasks.log").touch()
        tasks = Tasks(random.Random(f"{seed}/tasks"), work / "tasks.log", work / "counters")
        self.shared = Shared(self.journal, tasks, options.schedules)
        self.random = random.Random(f"{seed}/main")
        self.seed = seed

    def run(self):
        self.victim.spawn()
        if not self.victim.wait_until_listening():
            return
        self.connection = Connection(self.victim.port, self.victim.token, self.journal, self.random)
        self._upload()
        seconds = self.options.seconds or self.options.minutes * 60
        clients = [
            Client(number, self.seed, self.victim.port, self.victim.token, self.shared, self.options.pause)
            for number in range(self.options.clients)]
        stop_killing = threading.Event()
        killer = Killer(self.victim, stop_killing)
        for thread in [*clients, killer]:
            thread.start()
        self._watch(seconds, killer)
        self.shared.stop.set()
        stop_killing.set()
        killer.join(timeout=120)
        if killer.is_broken:
            return
        for client in clients:
            client.join(timeout=120)
        self._settle()

    def _upload(self):
        request = self.journal.begin("upload")
        self.connection.post("dbfs/put", {
            "path": PYTHON_FILE, "contents": base64.b64encode(PYTHON.encode()).decode(), "overwrite": True}, request)

    def _active(self):
        found = self.connection.get("jobs/runs/list?active_only=true&limit=999")
        for run in (found or {}).get("runs", []):
            self.journal.observe(run)
        return None if found is None else len(found.get("runs", []))

    def _watch(self, seconds, killer):
        """Holds the clients back while there is enough to do, and tells how far it is."""
        end, said = time.monotonic() + seconds, time.monotonic()
        while (now := time.monotonic()) < end and not killer.is_broken:
            active = self._active()
            if active is not None:
                (self.shared.saturated.set if active > self.options.max_active else self.shared.saturated.clear)()
            if now - said > 15:
                said = now
                with self.journal.lock:
                    kills, requests, faults = (len(x) for x in (
                        self.journal.kills, self.journal.requests, self.journal.faults))
                print(f"{end - now:5.0f} s to go: {kills} kills, {requests} requests, {active} active runs, "
                      f"{faults} faults", flush=True)
            self.shared.stop.wait(0.5)

    # --- afterwards

    def _settle(self):
        """The server lives. Schedules end, and everything that was begun is waited for."""
        names = {name: facts for name, facts in self.journal.jobs.items() if facts.get("scheduled")}
        jobs = (self.connection.get("jobs/list") or {}).get("jobs", [])
        for job in jobs:
            name = job["settings"]["name"]
            if name in names:
                request = self.journal.begin(
                    "change", job=name, schedule=None, timeout=job["settings"].get("timeout_seconds", 0))
                self.connection.post(
                    "jobs/update", {"job_id": job["job_id"], "fields_to_remove": ["schedule"]}, request,
                    allowed=("schedule",))
        give_up = time.monotonic() + SETTLE_SECONDS
        while (active := self._active()) and time.monotonic() < give_up:
            time.sleep(0.5)
        print(f"{active} runs active in the end", flush=True)
        # Its first act is to remove what deleted jobs have left.
        self.victim.stop()
        self.victim.spawn()
        if self.victim.wait_until_listening():
            self._wait_for_removal(time.monotonic() + 60)
            self.api = self._ask_api()
        self.victim.stop()

    def _wait_for_removal(self, give_up):
        """Until there is no directory of a run that is gone."""
        while time.monotonic() < give_up:
            stored = {run["run_id"] for run in self._all_runs()}
            present = {int(path.name) for path in (self.work / "data" / "runs").glob("*/*")}
            if present <= stored:
                return
            time.sleep(1)

    def _all_runs(self):
        runs = []
        while True:
            page = self.connection.get(f"jobs/runs/list?limit=999&offset={len(runs)}") or {}
            runs += page.get("runs", [])
            if not page.get("has_more"):
                return runs

    def _ask_api(self):
        told = {}
        for run in self._all_runs():
            answer = self.connection.get(f"jobs/runs/transitions?run_id={run['run_id']}") or {"transitions": []}
            told[run["run_id"]] = {"state": run["state"], "transitions": answer["transitions"]}
        return told

    def save(self):
        self.journal.save(self.work / "journal.json", seed=self.seed, api=getattr(self, "api", {}))


def main():
    options = arguments()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 31)
    work = (options.work or pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-torture-"))).resolve()
    work.mkdir(parents=True, exist_ok=True)
    print(f"seed {seed}, everything in {work}", flush=True)
    torture = Torture(options, work, seed)
    try:
        torture.run()
    finally:
        process = torture.victim.process
        if process and process.poll() is None:
            process.kill()
            process.wait()
    torture.save()
    report = check(work)
    kills = torture.journal.kills
    report.count("kills", len(kills))
    for when in sorted({kill["when"] for kill in kills}):
        report.count(f"kills {when}", sum(kill["when"] == when for kill in kills))
    print(report.text())
    print(f"{'PASS' if report.passed else 'FAIL'} (seed {seed}): {len(kills)} kills, "
          f"{report.figures.get('acknowledged runs', 0)} acknowledged runs")
    passed = report.passed and (not options.prove or proven(work))
    if passed and not options.work:
        shutil.rmtree(work, ignore_errors=True)
    return not passed


def proven(work):
    missed = prove(work)
    print("\n".join(missed) or "every mutant was found by the checker")
    return not missed


if __name__ == "__main__":
    sys.exit(main())
