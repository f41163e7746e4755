# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""How soon a server that was killed is there again, and has its tasks in hand."""

import glob
import os
import re
import signal
import time

import large
from common import UNLIMITED, many, report, say, settle, shell_job

STORED = 1_000_000
LIVE = 1_000


def watched(server):
    """How many processes the server watches: it holds a descriptor of each."""
    count = 0
    for link in glob.glob(f"/proc/{server.process.pid}/fd/*"):
        try:
            count += "pidfd" in os.readlink(link)
        except OSError:
            pass
    return count


def wait_for_tasks(server, pause):
    while (count := watched(server)) < LIVE:
        if pause >= 1:
            say(f"{count} of {LIVE} tasks run")
        time.sleep(pause)


def running(server):
    return int(re.search(r'lamplighter_active_runs{state="RUNNING"} (\d+)', server.call("GET", "/metrics"))[1])


def make_database(start_server, directory):
    server = start_server(directory)
    server.post("jobs/create", shell_job("true", max_concurrent_runs=0))
    server.stop()
    say(f"writing {STORED} runs")
    large.fill(server.data + "/lamplighter.sqlite", STORED, 10_000)


def killed_and_started(server, start_server, directory):
    """The server that was started, and the seconds from the kill until it listened, answered, watched all tasks."""
    begin = time.monotonic()
    server.process.send_signal(signal.SIGKILL)
    server.process.wait()
    server = start_server(directory, *UNLIMITED)
    listening = time.monotonic() - begin
    server.call("GET", "/health")
    ready = time.monotonic() - begin
    wait_for_tasks(server, 0.01)
    return server, (listening, ready, time.monotonic() - begin)


def bench(start_server, directory):
    make_database(start_server, directory)
    server = start_server(directory, *UNLIMITED)
    try:
        job = server.post("jobs/create", shell_job("sleep", "3600", max_concurrent_runs=LIVE))["job_id"]
        many(server, "jobs/run-now", [{"job_id": job}] * LIVE)
        wait_for_tasks(server, 1)
        while running(server) < LIVE:
            time.sleep(0.1)
        server, (listening, ready, all_watched) = killed_and_started(server, start_server, directory)
        if running(server) != LIVE:
            raise RuntimeError(f"{running(server)} of {LIVE} tasks are still running")
        report(
            f"kill -9 to ready again, {STORED:,} runs stored, {LIVE:,} live", f"{ready:.2f} s", "< 2 s", ready < 2,
            f"listening after {listening:.2f} s, all tasks watched again after {all_watched:.2f} s",
        )  # fmt: skip
        server.post("jobs/runs/cancel-all", {"job_id": job})
        settle(server, job)
    finally:
        server.stop()
