# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The engine: how late schedules fire, how fast a server is there again, what rest costs, how soon run-now starts a task.

Everything is looked at from outside: commits in the database by another reader, processes in /proc.
"""

import concurrent.futures
import datetime
import glob
import http.client
import json
import os
import signal
import sqlite3
import threading
import time
import urllib.parse

import large

SCHEDULED = {"existing_cluster_id": "default", "shell_command_task": {"command": ["true"]}}
AT_ONCE = 10_000
UNLIMITED = ["--max-job-creations-per-hour", "0", "--max-concurrent-runs", "0"]


def quantiles(values):
    """(p50, p99, largest)"""
    ordered = sorted(values)
    return tuple(ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99, 1))


def many(server, path, bodies, clients=16):
    """Posts all bodies by several connections and gives the answers in their order."""
    local = threading.local()

    def post(body):
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(urllib.parse.urlsplit(server.url).netloc, timeout=120)
        local.connection.request(
            "POST", "/api/2.0/" + path, json.dumps(body), {"Authorization": "Bearer " + server.token}
        )
        response = local.connection.getresponse()
        text = response.read()
        if response.status != 200:
            raise RuntimeError(f"{path}: {response.status} {text}")
        return json.loads(text)

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        return list(pool.map(post, bodies))


class CommittedRuns:
    """Another reader of the database: what it sees is committed."""

    def __init__(self, data):
        self.db = sqlite3.connect(f"file:{data}/lamplighter.sqlite?mode=ro", uri=True, isolation_level=None)

    def newest(self):
        """The newest run id that was given, also when its run is gone with its job."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").fetchone()
        return row[0] if row else 0

    def watch(self, until, deadline):
        """(time seen, newest run) at each change, until `until(newest)` or the deadline."""
        seen = [(time.time(), self.newest())]
        while not until(seen[-1][1]) and time.time() < deadline:
            time.sleep(0.002)
            newest = self.newest()
            if newest != seen[-1][1]:
                seen.append((time.time(), newest))
        return seen


# Fire lateness


def fire_at_once(server, report, say, name, settings):
    """AT_ONCE jobs that are due in the same second."""
    say(f"creating {AT_ONCE} jobs")
    due = datetime.datetime.fromtimestamp(int(time.time()) + 45, datetime.timezone.utc)
    expression = due.strftime("%-S %-M %-H %-d %-m ? %Y")
    schedule = {"quartz_cron_expression": expression, "timezone_id": "UTC"}
    many(server, "jobs/create", [{**settings, "schedule": schedule}] * AT_ONCE)
    if time.time() > due.timestamp() - 3:
        raise RuntimeError("the jobs were not made before they were due")
    runs = CommittedRuns(server.data)
    before = runs.newest()
    seen = runs.watch(lambda newest: newest >= before + AT_ONCE, due.timestamp() + 60)
    lateness, last = [], before
    for moment, newest in seen:
        lateness += [moment - due.timestamp()] * (newest - last)
        last = newest
    if len(lateness) != AT_ONCE:
        raise RuntimeError(f"{len(lateness)} of {AT_ONCE} schedules fired")
    p50, p99, most = quantiles(lateness)
    report(
        f"{AT_ONCE} jobs due in one second, {name}: all committed", f"{most:.2f} s", "< 2 s", most < 2,
        f"p50 {p50:.2f} s, p99 {p99:.2f} s after the second",
    )  # fmt: skip


def fire_each_second(server, report, seconds):
    schedule = {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC"}
    runs = CommittedRuns(server.data)
    before = runs.newest()
    job = server.post("jobs/create", {**SCHEDULED, "schedule": schedule, "max_concurrent_runs": 10})["job_id"]
    seen = runs.watch(lambda newest: newest >= before + seconds, time.time() + seconds + 10)
    server.post("jobs/delete", {"job_id": job})
    # A fire is less than a second late here, or the next one would be seen with it.
    late = [moment % 1 * 1000 for moment, newest in seen[1:]]
    if len(late) < seconds * 0.95:
        raise RuntimeError(f"{len(late)} of {seconds} fires were seen apart")
    p50, p99, most = quantiles(late)
    report(
        "an every-second schedule, p99 of its lateness", f"{p99:.0f} ms", "< 100 ms", p99 < 100,
        f"p50 {p50:.0f} ms, largest {most:.0f} ms, {len(late)} fires with a task each",
    )  # fmt: skip


def bench_fire(start_server, directory, report, say):
    server = start_server(subdirectory(directory, "fire"), *UNLIMITED)
    try:
        fire_each_second(server, report, 60)
        fire_at_once(server, report, say, "no task starts", {**SCHEDULED, "max_concurrent_runs": 0})
    finally:
        server.stop()
    # The workspace's limit of 1,000 active runs holds: the others are recorded as SKIPPED, with the reason.
    server = start_server(subdirectory(directory, "fire-tasks"), "--max-job-creations-per-hour", "0")
    try:
        fire_at_once(server, report, say, "up to 1,000 tasks start", SCHEDULED)
        settle(server, say)
    finally:
        server.stop()


# Restart


def pidfds(process):
    """How many processes the server watches."""
    count = 0
    for link in glob.glob(f"/proc/{process}/fd/*"):
        try:
            count += "pidfd" in os.readlink(link)
        except OSError:
            pass
    return count


def bench_restart(start_server, directory, report, say, stored=1_000_000, live=1_000):
    path = subdirectory(directory, "restart")
    server = start_server(path)
    task = {**SCHEDULED, "shell_command_task": {"command": ["sleep", "3600"]}, "max_concurrent_runs": live}
    server.post("jobs/create", {**task, "max_concurrent_runs": 0})
    server.stop()
    say(f"writing {stored} runs")
    large.fill(server.data + "/lamplighter.sqlite", stored, 10_000)
    server = start_server(path, *UNLIMITED)
    try:
        job = server.post("jobs/create", task)["job_id"]
        say(f"starting {live} tasks")
        many(server, "jobs/run-now", [{"job_id": job}] * live)
        while (watched := pidfds(server.process.pid)) < live:
            say(f"{watched} of {live} tasks run")
            time.sleep(1)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        begin = time.monotonic()
        server = start_server(path, *UNLIMITED)
        server.call("GET", "/health")
        ready = time.monotonic() - begin
        while pidfds(server.process.pid) < live:
            time.sleep(0.01)
        watching = time.monotonic() - begin
        report(
            f"from kill -9 to ready again, {stored} runs stored, {live} tasks live", f"{ready:.2f} s", "< 2 s",
            ready < 2, f"all tasks watched again after {watching:.2f} s",
        )  # fmt: skip
        server.post("jobs/runs/cancel-all", {"job_id": job})
        settle(server, say, job)
    finally:
        server.stop()


# Rest


def cpu_seconds(process):
    fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bench_rest(start_server, directory, report, say, schedules=100_000, seconds=60):
    server = start_server(subdirectory(directory, "rest"), *UNLIMITED)
    try:
        say(f"creating {schedules} schedules")
        # Half a year from now, so that none is due.
        month = (datetime.date.today().month + 5) % 12 + 1
        bodies = (
            {
                **SCHEDULED,
                "schedule": {
                    "quartz_cron_expression": f"{n % 60} {n // 60 % 60} {n // 3600 % 24} {n % 28 + 1} {month} ?",
                    "timezone_id": "UTC",
                },
            }
            for n in range(schedules)
        )
        many(server, "jobs/create", bodies)
        say(f"at rest for {seconds} s")
        time.sleep(5)
        begin, before = time.monotonic(), cpu_seconds(server.process.pid)
        time.sleep(seconds)
        share = (cpu_seconds(server.process.pid) - before) / (time.monotonic() - begin) * 100
        report(
            f"processor at rest with {schedules} schedules", f"{share:.2f}%", "< 1%", share < 1,
            f"of one core, over {seconds} s; {server.resident_bytes() / 2**20:.0f} MiB",
        )  # fmt: skip
    finally:
        server.stop()


# From run-now to the task's process


def bench_dispatch(start_server, directory, report, say, rate=200, seconds=20):
    server = start_server(subdirectory(directory, "dispatch"), *UNLIMITED)
    try:
        job = server.post("jobs/create", {**SCHEDULED, "max_concurrent_runs": 1000})["job_id"]
        requests, began = rate * seconds, time.time() + 1
        planned = [began + n / rate for n in range(requests)]

        def bodies():
            # Each at its time, whether or not the one before has been answered.
            for moment in planned:
                time.sleep(max(0, moment - time.time()))
                yield {"job_id": job}

        runs = [answer["run_id"] for answer in many(server, "jobs/run-now", bodies(), clients=32)]
        sent = time.time() - began
        settle(server, say)
        delays = []
        for moment, run in zip(planned, runs):
            delays.append(started_at(server.data, run) - moment * 1000)
        p50, p99, most = quantiles(delays)
        report(
            f"run-now to the task's process at {rate}/s, p50", f"{p50:.0f} ms", "< 100 ms", p50 < 100,
            f"p99 {p99:.0f} ms, largest {most:.0f} ms; {requests} requests in {sent:.1f} s",
        )  # fmt: skip
    finally:
        server.stop()


def started_at(data, run):
    """When the task's process was started, in milliseconds since 1970, as its supervisor wrote it down."""
    return json.load(open(f"{data}/runs/{run // 1000}/{run}/task/exit"))["started_at"]


# Helpers


def subdirectory(directory, name):
    path = f"{directory}/{name}"
    os.makedirs(path, exist_ok=True)
    return path


def settle(server, say, job=None):
    scope = {"job_id": job} if job else {}
    while server.get("jobs/runs/list", active_only="true", limit=1, **scope)["runs"]:
        say("waiting for the runs to end")
        time.sleep(1)
