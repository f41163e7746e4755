# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The load: clients that each do one random thing after another and note it in the journal."""

import random
import threading

from connection import Connection
from tasks import policy

GONE = ("does not exist",)
ENDED = ("TERMINATED", "SKIPPED", "INTERNAL_ERROR")
# Of a client; over all of them so many jobs are worked on at a time.
MAX_JOBS = 3
# What is changed about a job is changed by its owner only, one change after the other, so that it is known which
# settings it had when. Everything else is done to everybody's jobs and runs.
WEIGHTS = {
    "run_now": 34, "submit": 12, "create": 5, "cancel": 9, "cancel_all": 2, "change": 8, "delete_run": 6,
    "delete_job": 2, "look": 12, "list": 5,
}


class Client(threading.Thread):
    def __init__(self, number, seed, port, token, shared, pause_seconds):
        super().__init__(name=f"client {number}", daemon=True)
        self.number = number
        self.random = random.Random(f"{seed}/{number}")
        self.shared = shared
        self.journal = shared.journal
        self.connection = Connection(port, token, shared.journal, self.random)
        self.pause_seconds = pause_seconds
        self.own = []

    def run(self):
        try:
            while not self.shared.stop.wait(self.random.expovariate(1 / self.pause_seconds)):
                kind = self.random.choices(list(WEIGHTS), WEIGHTS.values())[0]
                if kind in ("run_now", "submit") and self.shared.saturated.is_set():
                    kind = "look"
                getattr(self, kind)()
        except Exception as error:  # noqa: BLE001: else the load would get less and nobody would know
            self.journal.fault(f"{self.name} broke: {error!r}")

    # --- jobs

    def create(self):
        if len(self.own) >= MAX_JOBS:
            return
        name = f"job-{self.shared.number()}"
        settings, facts = self.shared.tasks.job(name)
        # A job that fires often must not be one that keeps a core busy.
        if not facts["python"] and self.random.random() < 0.5 and self.shared.schedules.acquire(blocking=False):
            facts["scheduled"] = True
            settings["schedule"] = self.shared.tasks.schedule()
        self.journal.job(name, policy=policy(settings), **facts)
        request = self.journal.begin(
            "create", job=name, schedule=_expression(settings), timeout=settings["timeout_seconds"])
        # Not repeated: that would be another job. A lost one is looked for at the end.
        answer = self.connection.post("jobs/create", settings, request, repeat=False)
        if not answer:
            if facts.get("scheduled"):
                self.shared.schedules.release()
            return
        self.own.append((name, answer["job_id"], settings, facts))
        with self.shared.lock:
            self.shared.jobs[name] = (answer["job_id"], facts)

    def change(self):
        """Another timeout or another schedule, by reset or update."""
        if not self.own:
            return
        name, job, settings, facts = self.random.choice(self.own)
        if facts.get("scheduled") and self.random.random() < 0.6:
            body = self._new_schedule(job, settings)
        else:
            settings["timeout_seconds"] = self.random.choice([2, 4]) if settings["timeout_seconds"] in (1, 2, 3, 4) \
                else self.random.choice([0, 60, 90])
            body = {"new_settings": {"timeout_seconds": settings["timeout_seconds"]}}
        path = "jobs/update"
        if self.random.random() < 0.4:
            path, body = "jobs/reset", {"new_settings": settings}
        request = self.journal.begin(
            "change", job=name, schedule=_expression(settings), timeout=settings["timeout_seconds"])
        self.connection.post(path, {"job_id": job, **body}, request)

    def _new_schedule(self, job, settings):
        if "schedule" in settings and self.random.random() < 0.15:
            del settings["schedule"]
            return {"fields_to_remove": ["schedule"]}
        settings["schedule"] = self.shared.tasks.schedule()
        if self.random.random() < 0.12:
            settings["schedule"]["pause_status"] = "PAUSED"
        return {"new_settings": {"schedule": settings["schedule"]}}

    def delete_job(self):
        if not self.own:
            return
        index = self.random.randrange(len(self.own))
        # What became of the instants of a job's schedule can be seen only as long as the job is there.
        if self.own[index][3].get("scheduled") and self.random.random() < 0.8:
            return
        name, job, _, facts = self.own.pop(index)
        with self.shared.lock:
            self.shared.jobs.pop(name, None)
        request = self.journal.begin("delete_job", job=name)
        self.connection.post("jobs/delete", {"job_id": job}, request)
        if facts.get("scheduled"):
            self.shared.schedules.release()

    # --- runs

    def run_now(self):
        name = self.shared.any_job(self.random)
        if not name or not (known := self.shared.jobs.get(name)):
            return
        job, facts = known
        body = {"job_id": job}
        tag = f"tag-{self.shared.number()}"
        if facts["python"]:
            body["python_params"] = self.shared.tasks.python_parameters(
                facts["seconds"], facts["fails"], tag)
        token = tag if facts["tokens_only"] or self.random.random() < 0.5 else None
        if token:
            body["idempotency_token"] = token
        request = self.journal.begin("run_now", job=name, token=token, tag=tag)
        answer = self.connection.post("jobs/run-now", body, request, repeat=bool(token), allowed=GONE + ("deleted",))
        if answer:
            self.shared.learned(answer["run_id"])
            if token and self.random.random() < 0.2:
                self._repeat("jobs/run-now", body, answer["run_id"])

    def submit(self):
        name = f"one-time-{self.shared.number()}"
        body = self.shared.tasks.submission(name)
        token = name if self.random.random() < 0.75 else None
        request = self.journal.begin("submit", name=name, token=token, policy=policy(body))
        if token:
            body["idempotency_token"] = token
        answer = self.connection.post("jobs/runs/submit", body, request, repeat=bool(token))
        if answer:
            self.shared.learned(answer["run_id"])
            if token and self.random.random() < 0.2:
                self._repeat("jobs/runs/submit", body, answer["run_id"])

    def _repeat(self, path, body, run):
        """A token gives its run for as long as the run is there."""
        request = self.journal.begin("repeat", run=run)
        answer = self.connection.post(path, body, request, allowed=GONE + ("deleted", "removed"))
        if answer and answer["run_id"] != run:
            self.journal.fault(f"{path}: the token {body['idempotency_token']} gave {run}, then {answer['run_id']}")

    def cancel(self):
        run = self.shared.any_run(self.random)
        if run:
            request = self.journal.begin("cancel", run=run)
            self.connection.post("jobs/runs/cancel", {"run_id": run}, request, allowed=GONE)

    def cancel_all(self):
        name = self.shared.any_job(self.random)
        if name and (known := self.shared.jobs.get(name)):
            request = self.journal.begin("cancel_all", job=name)
            self.connection.post("jobs/runs/cancel-all", {"job_id": known[0]}, request, allowed=GONE)

    def delete_run(self):
        """Only runs that were asked for: what became of an instant of a schedule is to be seen at the end."""
        run = self.shared.any_run(self.random)
        if not run:
            return
        state = self.look(run)
        if state and state["state"]["life_cycle_state"] in ENDED:
            request = self.journal.begin("delete_run", run=run)
            self.connection.post("jobs/runs/delete", {"run_id": run}, request, allowed=GONE)

    def look(self, run=None):
        run = run or self.shared.any_run(self.random)
        found = self.connection.get(f"jobs/runs/get?run_id={run}") if run else None
        if found:
            self.journal.observe(found)
        return found

    def list(self):
        found = self.connection.get(f"jobs/runs/list?limit=100&active_only={self.random.choice(['true', 'false'])}")
        for run in (found or {}).get("runs", []):
            self.journal.observe(run)


def _expression(settings):
    """The schedule that fires; None where there is none, or it is paused."""
    schedule = settings.get("schedule") or {}
    return None if schedule.get("pause_status") == "PAUSED" else schedule.get("quartz_cron_expression")
