# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""A large database: is runs/list as fast far down as at the top, and does jobs/list stay small?

The rows are written into the database of a stopped server, by its own schema: its triggers count them as they count
what the server writes.
"""

import os
import sqlite3
import statistics
import time

LIMIT = 25
FAR = 100_000
# Tomorrow, so that the server starts none of the runs that wait.
START = int(time.time() + 86400) * 1000


def fill(database, runs, jobs):
    """A million runs: half of one job, four tenths of a thousand others, a tenth one-time runs with a job each."""
    db = sqlite3.connect(database, isolation_level=None)
    db.executescript("PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF; PRAGMA cache_size = -100000; BEGIN")
    definition = db.execute("SELECT definition_id FROM jobs ORDER BY job_id DESC LIMIT 1").fetchone()[0]

    def add_jobs(count, is_submission):
        db.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            INSERT INTO jobs (is_submission, creator_user_name, created_time, definition_id, max_concurrent_runs,
                timeout_seconds, run_name) SELECT ?, 'bench', {START}, ?, 1000, 0, 'bench' FROM n""",
            (count, is_submission, definition),
        )
        return db.execute("SELECT MAX(job_id) FROM jobs").fetchone()[0] - count + 1

    first = add_jobs(jobs, 0)
    submissions = add_jobs(runs // 10, 1)
    active_from = runs - 50_000
    # Every hundredth run began ten seconds before its predecessors; a thousand of the newest are active.
    db.execute(
        f"""WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :runs - 1),
        run AS (SELECT i, i % 10 = 9 AS submitted, i >= :active_from AND i % 50 = 0 AS active,
            {START} + i * 50 - (i % 97 = 0) * 10000 AS start_time,
            CASE WHEN i % 10 = 9 THEN :submissions + i / 10 WHEN i % 2 = 0 THEN :first
                ELSE :first + 1 + (i / 2) % 1000 END AS job_id FROM n)
        INSERT INTO runs (job_id, number_in_job, task_key, attempt_number, definition_id, run_type, trigger_type,
            creator_user_name, run_name, life_cycle_state, state_message, user_cancelled_or_timedout, timeout_seconds,
            start_time, end_time)
        SELECT job_id, ROW_NUMBER() OVER (PARTITION BY job_id ORDER BY i), 'main', 0, :definition, iif(submitted, 'SUBMIT_RUN', 'JOB_RUN'), 'ONE_TIME', 'bench',
            'bench', iif(active, 'PENDING', 'SKIPPED'), '', 0, 0, start_time, iif(active, NULL, start_time)
        FROM run ORDER BY i""",
        {"runs": runs, "first": first, "submissions": submissions, "active_from": active_from, "definition": definition},
    )
    db.execute(
        """UPDATE jobs SET last_number =
        ifnull((SELECT MAX(number_in_job) FROM runs WHERE runs.job_id = jobs.job_id), 0)"""
    )
    db.execute("COMMIT")
    db.close()
    return first


def latencies(server, query, offsets, requests=40):
    """The median of one page's milliseconds for each offset, taken in turns, so that a noisy moment meets all. No two
    requests are the same: what is asked for twice is answered from memory."""
    times = {offset: [] for offset in offsets}
    for step in range(requests):
        for offset in offsets:
            begin = time.perf_counter()
            server.get("jobs/runs/list", limit=LIMIT, offset=offset + step, **query)
            times[offset].append((time.perf_counter() - begin) * 1000)
    return [statistics.median(times[offset]) for offset in offsets]


def bench_pages(server, job, runs, report):
    farthest = runs * 9 // 10
    scopes = {
        "all": {},
        "of a job": {"job_id": job},
        "of a type": {"run_type": "JOB_RUN"},
        "of job and type": {"job_id": job, "run_type": "JOB_RUN"},
    }
    for name, scope in scopes.items():
        for activity in ({}, {"completed_only": "true"}, {"active_only": "true"}):
            near, far, beyond = latencies(server, {**scope, **activity}, [0, FAR, farthest])
            label = f"runs/list {name} {next(iter(activity), '')}".rstrip()
            ratio = max(far, beyond) / near
            report(
                f"{label}, far / near", f"{ratio:.2f}", "< 3", ratio < 3,
                f"offset 0: {near:.2f} ms, {FAR}: {far:.2f} ms, {farthest}: {beyond:.2f} ms; {runs} runs stored",
            )  # fmt: skip


def peak_bytes(server):
    for line in open(f"/proc/{server.process.pid}/status"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no VmHWM")


def settled_peak_bytes(server):
    """The peak once it has not grown for five seconds: after a start the server looks for runs to remove, and SQLite's
    page caches fill."""
    peak, since = peak_bytes(server), time.monotonic()
    while time.monotonic() - since < 5:
        time.sleep(0.5)
        now = peak_bytes(server)
        if now > peak:
            peak, since = now, time.monotonic()
    return peak


def bench_jobs_list(server, report):
    server.get("jobs/runs/list", limit=1)
    before = settled_peak_bytes(server)
    begin = time.perf_counter()
    count = len(server.get("jobs/list")["jobs"])
    seconds = time.perf_counter() - begin
    grown = peak_bytes(server) - before
    report(
        f"peak memory that jobs/list of {count} jobs adds", f"{grown / 2**20:.1f} MiB", "< 10 MiB", grown < 10 * 2**20,
        f"{seconds:.2f} s, {before / 2**20:.0f} MiB before",
    )  # fmt: skip


def bench(start_server, directory, runs, jobs, task, report, say):
    """Makes the database, then measures a server on it."""
    server = start_server(directory)
    server.post("jobs/create", task)
    data = server.data
    server.stop()
    say(f"writing {runs} runs and {jobs} jobs")
    job = fill(os.path.join(data, "lamplighter.sqlite"), runs, jobs)
    server = start_server(directory)
    try:
        bench_jobs_list(server, report)
        bench_pages(server, job, runs, report)
    finally:
        server.stop()
