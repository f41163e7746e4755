# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Jobs and runs for checks: makes them, waits for them, and removes them at the end."""

import base64
import concurrent.futures
import itertools
import pathlib
import time
import uuid

from contract.settings import CLUSTER, settings

ENDED = ("TERMINATED", "SKIPPED", "INTERNAL_ERROR")
PROGRAMS = pathlib.Path(__file__).parent.parent / "programs"


def until(condition, what, timeout=90):
    """What `condition` answers, as soon as that is something."""
    deadline = time.monotonic() + timeout
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {timeout} s for {what}"
        time.sleep(0.05)


def all_at_once(calls):
    """The answers of calls that are made at the same time."""
    with concurrent.futures.ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


class Fixtures:
    """Programs in a directory of DBFS, jobs made of them, and the gate that holds them."""

    def __init__(self, api, gate):
        self.api = api
        self.gate = gate
        self.directory = f"/conformance-{uuid.uuid4().hex[:12]}"
        self._jobs = []
        self._names = itertools.count(1)
        for program in PROGRAMS.iterdir():
            if program.is_file():
                self.put(program.name, program.read_bytes())

    def put(self, name, contents):
        """The URI of a file with these contents."""
        self.api.post("dbfs/put", {
            "path": f"{self.directory}/{name}", "contents": base64.b64encode(contents).decode(), "overwrite": True,
        }).ok()
        return self.uri(name)

    def uri(self, name):
        return f"dbfs:{self.directory}/{name}"

    def name(self):
        """A name that nothing else has."""
        return f"{self.directory[1:]}-{next(self._names)}"

    # Settings

    def echo(self, *parameters, **change):
        return self.python("echo.py", *parameters, **change)

    def held(self, name, /, *parameters, **change):
        """A program that waits for what the suite tells it."""
        host, port = self.gate.address
        return self.python("held.py", host, str(port), name, *parameters, **change)

    def python(self, program, /, *parameters, **change):
        task = {"python_file": self.uri(program), "parameters": list(parameters)}
        return settings(**{"new_cluster": CLUSTER, "spark_python_task": task, **change})

    # Jobs and runs

    def job(self, job_settings):
        job = self.api.post("jobs/create", job_settings).ok()["job_id"]
        self._jobs.append(job)
        return job

    def run_now(self, job, **more):
        return self.api.post("jobs/run-now", {"job_id": job, **more}).ok()["run_id"]

    def submit(self, run_settings, **more):
        body = {key: value for key, value in run_settings.items() if key != "name"}
        return self.api.post("jobs/runs/submit", {**body, **more}).ok()["run_id"]

    def run(self, run):
        return self.api.get("jobs/runs/get", run_id=run).ok()

    def runs(self, job, **query):
        return self.api.get("jobs/runs/list", job_id=job, **query).ok().get("runs", [])

    def ended(self, run, timeout=90):
        """The run once it has ended."""
        def look():
            found = self.run(run)
            return found if found["state"]["life_cycle_state"] in ENDED else None
        return until(look, f"run {run} to end", timeout)

    def succeeded(self, run):
        found = self.ended(run)
        assert found["state"].get("result_state") == "SUCCESS", (found, self.output(run))
        return found

    def output(self, run):
        return self.api.get("jobs/runs/get-output", run_id=run).ok()

    def skipping_job(self, runs=0):
        """A job all of whose runs are skipped, which costs nothing, with so many of them."""
        job = self.job(self.echo(max_concurrent_runs=0))
        return job, [self.run_now(job) for _ in range(runs)]

    def clear(self):
        for job in self._jobs:
            self.api.post("jobs/delete", {"job_id": job})
        self.api.post("dbfs/delete", {"path": self.directory, "recursive": True})
        self.api.post("workspace/delete", {"path": self.directory, "recursive": True})
