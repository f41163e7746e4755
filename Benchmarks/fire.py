# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""How late schedules fire.

What counts is the moment at which a run's row is committed, as another reader of the database sees it: a run that is not
committed is not there. Nothing is asked of the server meanwhile.
"""

import datetime
import os
import sqlite3
import threading
import time

from common import UNLIMITED, many, quantiles, report, say, settle, shell_job, subdirectory

AT_ONCE = 10_000
EACH_SECOND = 60


class CommittedRuns:
    def __init__(self, data):
        self.db = sqlite3.connect(f"file:{data}/lamplighter.sqlite?mode=ro", uri=True, isolation_level=None)

    def newest(self):
        """The newest run id that was given, also when its run is gone with its job."""
        row = self.db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'runs'").fetchone()
        return row[0] if row else 0

    def watch(self, runs, deadline, start):
        """Calls `start`, then waits until so many more runs have come, or the deadline: [(time seen, how many)]."""
        last = self.newest()
        start()
        seen, missing = [], runs
        while missing > 0 and time.time() < deadline:
            time.sleep(0.002)
            newest = self.newest()
            if newest != last:
                seen.append((time.time(), newest - last))
                missing -= newest - last
                last = newest
        if missing > 0:
            raise RuntimeError(f"{missing} of {runs} runs did not come")
        return seen


class DiskWatch:
    """What the disk itself does meanwhile: each commit waits for it."""

    def __init__(self, directory):
        self.descriptor = os.open(directory + "/fdatasync", os.O_WRONLY | os.O_CREAT)
        self.milliseconds = []
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.watch)

    def watch(self):
        while not self.ended.wait(0.1):
            begin = time.perf_counter()
            os.pwrite(self.descriptor, b"x" * 512, 0)
            os.fdatasync(self.descriptor)
            self.milliseconds.append((time.perf_counter() - begin) * 1000)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        os.close(self.descriptor)


def at_once(server, name, job):
    """AT_ONCE jobs that are due in the same second, once."""
    say(f"creating {AT_ONCE} jobs")
    due = datetime.datetime.fromtimestamp(int(time.time()) + 60, datetime.timezone.utc)
    schedule = {"quartz_cron_expression": due.strftime("%-S %-M %-H %-d %-m ? %Y"), "timezone_id": "UTC"}
    many(server, "jobs/create", [{**job, "schedule": schedule}] * AT_ONCE)
    if time.time() > due.timestamp() - 2:
        raise RuntimeError("the jobs were not made before they were due")
    before = server.cpu_seconds()
    seen = CommittedRuns(server.data).watch(AT_ONCE, due.timestamp() + 60, lambda: None)
    processor = server.cpu_seconds() - before
    late = [moment - due.timestamp() for moment, runs in seen for _ in range(runs)]
    p50, p99, most = quantiles(late)
    report(
        f"{AT_ONCE:,} jobs due in one second, {name}: last commit", f"{most:.2f} s", "< 2 s", most < 2,
        f"p50 {p50:.2f} s, p99 {p99:.2f} s after the second; {processor:.2f} s of processor time",
    )  # fmt: skip


def each_second(server):
    schedule = {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC"}
    job = shell_job("true", schedule=schedule, max_concurrent_runs=10)
    created = []
    with DiskWatch(server.data) as disk:
        seen = CommittedRuns(server.data).watch(
            EACH_SECOND,
            time.time() + EACH_SECOND + 30,
            lambda: created.append(server.post("jobs/create", job)["job_id"]),
        )
    server.post("jobs/delete", {"job_id": created[0]})
    # The first of what is seen together is the latest.
    late, fire_time = [], int(seen[0][0])
    for moment, runs in seen:
        for _ in range(runs):
            late.append((moment - fire_time) * 1000)
            fire_time += 1
    p50, p99, most = quantiles(late)
    report(
        "an every-second schedule, p99 of its lateness", f"{p99:.0f} ms", "< 100 ms", p99 < 100,
        f"p50 {p50:.0f} ms, largest {most:.0f} ms, {len(late)} fires with a task each; "
        f"longest fdatasync meanwhile {max(disk.milliseconds):.0f} ms",
    )  # fmt: skip


def bench(start_server, directory):
    server = start_server(subdirectory(directory, "none"), *UNLIMITED)
    try:
        each_second(server)
        at_once(server, "no task starts", shell_job("true", max_concurrent_runs=0))
    finally:
        server.stop()
    # The workspace's limit of 1,000 active runs holds: the others are recorded as SKIPPED, with the reason.
    server = start_server(subdirectory(directory, "tasks"), "--max-job-creations-per-hour", "0")
    try:
        at_once(server, "up to 1,000 tasks start", shell_job("true"))
        settle(server)
    finally:
        server.stop()
