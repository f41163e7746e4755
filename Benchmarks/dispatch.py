# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""How soon run-now starts a task, and how many tasks a second can be started.

A task has started when its supervisor says so: it writes down the time at which it started the task's process. Each task
is two processes, the supervisor and `true`, and a directory; each run is four commits.
"""

import json
import time

from common import UNLIMITED, many, quantiles, report, settle, shell_job

RATE = 200
SECONDS = 20
AT_ONCE = 1_000


def started_at(server, run):
    """Seconds since 1970 at which the task's process was started."""
    with open(f"{server.data}/runs/{run // 1000}/{run}/task/exit") as file:
        return json.load(file)["started_at"] / 1000


def paced(job, moments):
    """A request at each moment, whether or not the one before has been answered."""
    for moment in moments:
        time.sleep(max(0, moment - time.time()))
        yield {"job_id": job}


def at_rate(server, job, rate, seconds):
    """Milliseconds from each request's moment to its task's start."""
    begin = time.time() + 1
    moments = [begin + n / rate for n in range(rate * seconds)]
    runs = [answer["run_id"] for answer in many(server, "jobs/run-now", paced(job, moments), clients=32)]
    answered = time.time() - begin
    settle(server, job)
    delays = [(started_at(server, run) - moment) * 1000 for moment, run in zip(moments, runs)]
    p50, p99, most = quantiles(delays)
    report(
        f"run-now to the task's process at {rate}/s, p50", f"{p50:.0f} ms", "< 100 ms", p50 < 100,
        f"p99 {p99:.0f} ms, largest {most:.0f} ms; {len(runs):,} requests in {answered:.1f} s",
    )  # fmt: skip


def highest_rate(server, job):
    """Tasks a second when as many as may run wait to be started."""
    begin = time.time()
    runs = [answer["run_id"] for answer in many(server, "jobs/run-now", [{"job_id": job}] * AT_ONCE)]
    settle(server, job)
    last = max(started_at(server, run) for run in runs) - begin
    rate = AT_ONCE / last
    report(
        "tasks started a second, at most", f"{rate:.0f}/s", f"> {RATE}/s", rate > RATE,
        f"{AT_ONCE:,} run-now at once, the last task started after {last:.1f} s",
    )  # fmt: skip
    return rate


def bench(start_server, directory):
    server = start_server(directory, *UNLIMITED)
    try:
        job = server.post("jobs/create", shell_job("true", max_concurrent_runs=1000))["job_id"]
        rate = highest_rate(server, job)
        at_rate(server, job, RATE, SECONDS)
        if rate < RATE * 1.2:
            # More than can be done only makes a queue, whose length is what was measured.
            at_rate(server, job, max(1, int(rate / 2)), SECONDS)
    finally:
        server.stop()
