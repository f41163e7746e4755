# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Measures the built server against what the machine can do, and prints ratios.

Run by `make bench`. Absolute figures depend on the machine; a ratio compares two things measured in the same run.
Each line says "ok" or "MISSED", by the aim it names. The exit status is 0 either way, because a shared machine is noisy;
with --check it is 1 when a figure misses its aim.
"""

import argparse
import functools
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import connections
import dispatch
import fire
import large
import notebooks
import idle
import restart
from common import PYTHON, ROOT, RUNTIME, Server, missed, report, results, say, subdirectory

CLIENTS = 64
# With a server and a data directory of their own each.
ENGINE_PARTS = {
    "fire": fire.bench,
    "restart": restart.bench,
    "idle": idle.bench,
    "dispatch": dispatch.bench,
    "connections": connections.bench,
}
ALONE = {"memory", "large", "schedules", "notebooks", *ENGINE_PARTS}
PARTS = ["commits", "reads", "start", "spark", "memory", "schedules", "large", "notebooks", *ENGINE_PARTS]


def wrk(server, path, seconds, body=None, random_up_to=None):
    """Requests per second with CLIENTS connections, by wrk; `random_up_to` appends a random number to the path."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        lines = [f'wrk.headers["Authorization"] = "Bearer {server.token}"']
        if body:
            lines += ['wrk.method = "POST"', f"wrk.body = [[{json.dumps(body)}]]"]
        if random_up_to:
            lines.append(
                f"function request() return wrk.format(nil, '{path}' .. math.random(1, {random_up_to})) end"
            )
        script.write("\n".join(lines))
        script.flush()
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", script.name, server.url + path]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # A fast error is no throughput.
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(f"{path}: {output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def fdatasync_appends(directory, seconds=3):
    """Durable appends of 512 bytes a second, one after the other: what the disk itself does."""
    descriptor = os.open(directory + "/appends", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    block = b"x" * 512
    count, start = 0, time.monotonic()
    while time.monotonic() - start < seconds:
        os.write(descriptor, block)
        os.fdatasync(descriptor)
        count += 1
    os.close(descriptor)
    return count / (time.monotonic() - start)


PYTHON_TASK = {"python_file": "dbfs:/bench.py"}
SKIPPED_JOB = {"existing_cluster_id": "default", "spark_python_task": PYTHON_TASK, "max_concurrent_runs": 0}


def bench_commits(server, directory, seconds):
    job = server.post("jobs/create", SKIPPED_JOB)["job_id"]
    pairs = []
    for _ in range(3):
        raw = fdatasync_appends(directory, seconds)
        pairs.append((wrk(server, "/api/2.0/jobs/run-now", seconds, {"job_id": job}), raw))
    commits, raw = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    report(
        f"run-now commits / fdatasync appends ({CLIENTS} clients)", f"{commits / raw:.2f}", "> 1.5", commits / raw > 1.5,
        f"{commits:.0f}/s against {raw:.0f}/s; runs of a job with max_concurrent_runs 0, so that no task starts",
    )  # fmt: skip
    return job


def fill(server, job, runs):
    """Stores runs until there are that many."""
    while True:
        newest = server.get("jobs/runs/list", limit=1)["runs"]
        stored = newest[0]["run_id"] if newest else 0
        if stored >= runs:
            return stored
        say(f"{stored} runs stored, {runs} wanted")
        wrk(server, "/api/2.0/jobs/run-now", 10, {"job_id": job})


def bench_reads(server, stored, seconds):
    health, get, same, page = [], [], [], []
    for _ in range(3):
        health.append(wrk(server, "/health", seconds))
        get.append(wrk(server, "/api/2.0/jobs/runs/get?run_id=", seconds, random_up_to=stored))
        same.append(wrk(server, f"/api/2.0/jobs/runs/get?run_id={stored // 2}", seconds))
        page.append(wrk(server, "/api/2.0/jobs/runs/list?limit=25", seconds))
    base = statistics.median(health)
    # Nothing is written meanwhile: what is asked for again is answered from memory until something is.
    for name, rates in (("runs/get of a random run", get), ("runs/get of one run", same), ("runs/list(25)", page)):
        rate = statistics.median(rates)
        report(
            f"{name} / health, requests per second", f"{rate / base:.2f}", "> 0.5", rate / base > 0.5,
            f"{rate:.0f}/s against {base:.0f}/s, {stored} runs stored",
        )  # fmt: skip


FIRST_STATEMENT = "import time; print(time.time_ns())\n"


def bench_python_start(server, directory, rounds):
    file = directory + "/first.py"
    open(file, "w").write(FIRST_STATEMENT)
    server.upload("/bench.py", FIRST_STATEMENT)
    job = server.post("jobs/create", {**SKIPPED_JOB, "max_concurrent_runs": 10})["job_id"]
    by_hand, by_server = [], []
    for _ in range(rounds):
        start = time.time_ns()
        output = subprocess.run([PYTHON, file], capture_output=True, check=True).stdout
        by_hand.append((int(output) - start) / 1e6)
        start = time.time_ns()
        run = server.post("jobs/run-now", {"job_id": job})["run_id"]
        server.ended(run)
        first = int(server.get("jobs/runs/get-output", run_id=run)["logs"].split()[0])
        by_server.append((first - start) / 1e6)
    hand, task = statistics.median(by_hand), statistics.median(by_server)
    report(
        "run-now to first Python statement - 2 x by hand", f"{task - 2 * hand:.1f} ms", "< 30 ms", task < 2 * hand + 30,
        f"{task:.1f} ms against {hand:.1f} ms by hand, median of {rounds}",
    )  # fmt: skip


SPARK_JOB = """
from pyspark.sql import SparkSession
spark = SparkSession.builder.getOrCreate()
print(spark.range(1000000).selectExpr("sum(id)").first()[0])
spark.stop()
"""


def bench_spark(server, directory, rounds):
    file = directory + "/spark.py"
    open(file, "w").write(SPARK_JOB)
    server.upload("/spark.py", SPARK_JOB)
    cluster = {"spark_version": "bench", "num_workers": 0, "node_type_id": "local"}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))}
    environment.update(PYSPARK_PYTHON=PYTHON, SPARK_LOCAL_IP="127.0.0.1")
    plain, ours = [], []
    for _ in range(rounds):
        start = time.monotonic()
        subprocess.run(
            [RUNTIME + "/venv/bin/spark-submit", file], env=environment, capture_output=True, check=True, cwd=directory
        )
        plain.append(time.monotonic() - start)
        start = time.monotonic()
        run = server.post(
            "jobs/runs/submit", {"new_cluster": cluster, "spark_python_task": {"python_file": "dbfs:/spark.py"}}
        )["run_id"]
        state = server.ended(run)["state"]
        if state.get("result_state") != "SUCCESS":
            raise RuntimeError(f"the Spark job failed: {state}")
        ours.append(time.monotonic() - start)
    own, other = statistics.median(ours), statistics.median(plain)
    report(
        "cold Spark job / plain spark-submit", f"{own / other:.2f}", "< 0.7", own / other < 0.7,
        f"{own:.1f} s against {other:.1f} s, median of {rounds}",
    )  # fmt: skip


def bench_memory(program, directory, tasks):
    server = Server(program, directory)
    try:
        server.get("jobs/list")
        rest = server.resident_bytes()
        report("server memory at rest", f"{rest / 2**20:.0f} MiB", "< 100 MiB", rest < 100 * 2**20, "after one request")
        server.upload("/sleep.py", "import time\ntime.sleep(3600)\n")
        job = server.post(
            "jobs/create",
            {
                "existing_cluster_id": "default",
                "spark_python_task": {"python_file": "dbfs:/sleep.py"},
                "max_concurrent_runs": tasks,
            },
        )["job_id"]
        warm = server.resident_bytes()
        for _ in range(tasks):
            server.post("jobs/run-now", {"job_id": job})
        while (running := running_tasks(server)) < tasks:
            say(f"{running} of {tasks} tasks run")
            time.sleep(1)
        each = (server.resident_bytes() - warm) / tasks
        report(
            f"server memory for each of {tasks} running tasks", f"{each / 1024:.0f} KiB", "< 100 KiB", each < 100 * 1024,
            f"{server.resident_bytes() / 2**20:.0f} MiB in all",
        )  # fmt: skip
        server.post("jobs/runs/cancel-all", {"job_id": job})
        while server.get("jobs/runs/list", active_only="true", limit=1)["runs"]:
            time.sleep(0.2)
    finally:
        server.stop()


def bench_schedules(program):
    """The reference table of Quartz, over and over: schedules of all kinds, mostly around changes of the clocks."""
    table = ROOT + "/Tests/QuartzCronTests/testdata/quartz-next-fire.txt"
    output = subprocess.run(
        [program, "cron", "--measure", "--batch", table], check=True, capture_output=True, text=True
    ).stdout
    milliseconds = float(re.fullmatch(r"10000 next fire times: ([0-9.]+) ms\n", output).group(1))
    report("next fire times of 10,000 schedules", f"{milliseconds:.1f} ms", "< 10 ms", milliseconds < 10, "best of 100 passes")


def running_tasks(server):
    text = server.call("GET", "/metrics")
    return int(re.search(r'lamplighter_active_runs{state="RUNNING"} (\d+)', text)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", default=ROOT + "/.build/release/lamplighter")
    parser.add_argument("--runs", type=int, default=100_000, help="stored runs for the reading benchmarks")
    parser.add_argument("--tasks", type=int, default=500, help="running tasks for the memory benchmark")
    parser.add_argument("--seconds", type=int, default=4, help="length of each load")
    parser.add_argument("--large-runs", type=int, default=1_000_000, help="stored runs of the large database")
    parser.add_argument("--notebook-runs", type=int, default=1000, help="runs of a notebook, one after the other")
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--check", action="store_true", help="exit with 1 when a figure misses its aim")
    options = parser.parse_args()
    wanted = options.only or PARTS
    if {"commits", "reads"} & set(wanted) and not shutil.which("wrk"):
        sys.exit("wrk is needed: apt-get install wrk")
    start = functools.partial(Server, options.program)
    # Beside the checkout, on its disk: /tmp may be memory, where nothing is durable.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".build-bench-") as directory:
        server = start(directory) if set(wanted) - ALONE else None
        try:
            if "commits" in wanted or "reads" in wanted:
                job = bench_commits(server, directory, options.seconds)
            if "reads" in wanted:
                bench_reads(server, fill(server, job, options.runs), options.seconds)
            if "start" in wanted:
                bench_python_start(server, directory, 31)
            if "spark" in wanted:
                bench_spark(server, directory, 3)
        finally:
            if server:
                server.stop()
        if "memory" in wanted:
            os.mkdir(directory + "/memory")
            bench_memory(options.program, directory + "/memory", options.tasks)
        if "schedules" in wanted:
            bench_schedules(options.program)
        if "large" in wanted:
            os.mkdir(directory + "/large")
            large.bench(start, directory + "/large", options.large_runs, 10_000, SKIPPED_JOB, report, say)
        if "notebooks" in wanted:
            os.mkdir(directory + "/notebooks")
            notebooks.bench(start, directory + "/notebooks", options.notebook_runs, ROOT, PYTHON, report, say)
        for part in ENGINE_PARTS:
            if part in wanted:
                ENGINE_PARTS[part](start, subdirectory(directory, part))
    print(f"\nload average {' '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} processors")
    print("All figures:\n" + "\n".join(results))
    if missed:
        print(f"\n{len(missed)} of {len(results)} figures miss their aim:\n" + "\n".join(missed))
        sys.exit(1 if options.check else 0)


if __name__ == "__main__":
    main()
