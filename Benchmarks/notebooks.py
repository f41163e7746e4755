# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Many runs of a small notebook, one after the other: what they leave behind, and how long one takes beside nbclient."""

import base64
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

import leaks

CELLS = ["x = 20 + 1", "y = [x * 2]", "print(y[0])"]
WARM_UP = 20
# A run by nbclient after so many of the server's.
BETWEEN = 20
REQUIREMENTS = ["nbclient==0.11.*", "ipykernel==7.*"]

# Executes the notebook for each line that it reads, and answers the seconds. The imports are done before, as in a
# service that runs notebooks by nbclient; each run starts a kernel, as it would there.
NBCLIENT = """
import sys, time
import nbformat
from nbclient import NotebookClient

for _ in sys.stdin:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in %r])
    start = time.perf_counter()
    NotebookClient(notebook, kernel_name="python3").execute()
    assert notebook.cells[-1].outputs[0].text == "42\\n"
    print(time.perf_counter() - start, flush=True)
"""


def nbclient_python(root, base, say):
    """An environment of the benchmark's own, kept beside what is built."""
    venv = pathlib.Path(root, ".build", "bench-nbclient")
    python = venv / "bin" / "python"
    if not (venv / "done").exists():
        say(f"installing {' and '.join(REQUIREMENTS)} into {venv}")
        subprocess.run([base, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *REQUIREMENTS], check=True)
        (venv / "done").touch()
    return str(python)


class Nbclient:
    def __init__(self, python, log):
        # Its kernel warns in each run that it could be listened to.
        with open(log, "w") as errors:
            self.process = subprocess.Popen(
                [python, "-c", NBCLIENT % CELLS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        self.seconds()  # the first is slower, which is not held against it

    def seconds(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def make_job(server):
    source = "# Databricks notebook source\n" + "\n\n# COMMAND ----------\n\n".join(CELLS) + "\n"
    content = base64.b64encode(source.encode()).decode()
    server.post("workspace/import", {"path": "/bench", "language": "PYTHON", "content": content})
    task = {"notebook_path": "/bench"}
    return server.post("jobs/create", {"existing_cluster_id": "default", "notebook_task": task})["job_id"]


def seconds_of_a_run(server, job):
    start = time.perf_counter()
    run = server.post("jobs/run-now", {"job_id": job})["run_id"]
    while True:
        found = server.get("jobs/runs/get", run_id=run)
        if found["end_time"]:
            break
        time.sleep(0.002)
    seconds = time.perf_counter() - start
    if found["state"].get("result_state") != "SUCCESS":
        raise RuntimeError(json.dumps(found["state"]))
    return seconds


def bench(start, directory, runs, root, base, report, say):
    """`start` starts a server in a directory; `base` is a Python to make an environment with."""
    client = Nbclient(nbclient_python(root, base, say), directory + "/nbclient.log")
    os.environ["TMPDIR"] = directory + "/tmp"
    os.mkdir(directory + "/tmp")
    server = start(directory)
    try:
        job = make_job(server)
        leaks.wait_for_fork_server(server)
        for _ in range(WARM_UP):
            seconds_of_a_run(server, job)
        before = leaks.Count(server, directory)
        ours, theirs = [], []
        for index in range(runs):
            if index % BETWEEN == 0:
                theirs.append(client.seconds())
            ours.append(seconds_of_a_run(server, job))
            if index % 100 == 99:
                say(f"{index + 1} runs, p50 of the last hundred {statistics.median(ours[-100:]) * 1000:.0f} ms")
        after = leaks.settled(server, directory, before)
        report_times(ours, theirs, report)
        for name, value, aim, good, detail in leaks.compared(before, after):
            report(f"{runs:,} notebook runs: {name}", value, aim, good, detail)
    finally:
        server.stop()
        client.close()
        del os.environ["TMPDIR"]


def report_times(ours, theirs, report):
    p50, other = statistics.median(ours), statistics.median(theirs)
    detail = (
        f"{p50 * 1000:.0f} ms (best {min(ours) * 1000:.0f}, p99 {sorted(ours)[len(ours) * 99 // 100] * 1000:.0f}) "
        f"against {other * 1000:.0f} ms (best {min(theirs) * 1000:.0f}, {len(theirs)} runs in between)"
    )
    report("notebook of 3 cells, run-now to end / nbclient, p50", f"{p50 / other:.2f}", "< 1.0", p50 < other, detail)


if __name__ == "__main__":
    sys.exit("run `make bench BENCH_ARGS='--only notebooks'`")
