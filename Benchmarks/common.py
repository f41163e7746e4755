# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What the parts of the benchmark share: the server under test, load, and how figures are reported."""

import base64
import concurrent.futures
import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

import leaks

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RUNTIME = os.environ.get("LAMPLIGHTER_RUNTIME") or os.path.join(
    os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"), "lamplighter/runtime"
)
PYTHON = RUNTIME + "/venv/bin/python"
# For parts that create more jobs, or start more runs, than a workspace may by default.
UNLIMITED = ["--max-job-creations-per-hour", "0", "--max-concurrent-runs", "0"]
results = []
# Those lines of `results` whose figure misses its aim.
missed = []


def report(name, value, aim, good, detail):
    verdict = "ok" if good else "MISSED"
    line = f"{name:<58} {value:>12}   aim {aim:<12} {verdict:<7} {detail}"
    results.append(line)
    if not good:
        missed.append(line)
    print(line, flush=True)


def say(text):
    print(f"# {text}", file=sys.stderr, flush=True)


class Server:
    """The server under test, on a free port and a fresh data directory."""

    def __init__(self, program, directory, *options):
        self.data = directory + "/data"
        self.log = open(directory + "/server.log", "ab")
        self.process = subprocess.Popen(
            [program, "serve", "--data", self.data, "--port", "0", "--log-level", "warning", *options],
            stdout=subprocess.PIPE,
            stderr=self.log,
        )
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening on "):
            sys.exit(f"the server did not start; see {directory}/server.log")
        self.url = line.split()[-1]
        self.token = open(self.data + "/admin-token").read().strip()
        self.connection = None

    def call(self, method, path, body=None, query=None):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urllib.parse.urlsplit(self.url).netloc, timeout=120)
        data = json.dumps(body) if body is not None else None
        self.connection.request(method, path, data, {"Authorization": "Bearer " + self.token})
        response = self.connection.getresponse()
        text = response.read().decode()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {text}")
        return json.loads(text) if text.startswith("{") else text

    def post(self, path, body):
        return self.call("POST", "/api/2.0/" + path, body)

    def get(self, path, **query):
        return self.call("GET", "/api/2.0/" + path, query=query)

    def upload(self, path, text):
        contents = base64.b64encode(text.encode()).decode()
        self.post("dbfs/put", {"path": path, "contents": contents, "overwrite": True})

    def ended(self, run):
        while True:
            state = self.get("jobs/runs/get", run_id=run)
            if state["end_time"]:
                return state
            time.sleep(0.01)

    def resident_bytes(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")

    def cpu_seconds(self):
        """Of all threads, in user and kernel mode, by /proc/PID/stat."""
        with open(f"/proc/{self.process.pid}/stat") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        # One that was still starting ends a moment later, and writes into the data directory until then.
        while leaks.fork_server(self):
            time.sleep(0.05)


def shell_job(*command, **settings):
    """A job whose runs cost next to nothing but a process."""
    return {"existing_cluster_id": "default", "shell_command_task": {"command": command}, **settings}


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


def settle(server, job=None):
    """Waits until no run is active."""
    scope = {"job_id": job} if job else {}
    while server.get("jobs/runs/list", active_only="true", limit=1, **scope)["runs"]:
        say("waiting for the runs to end")
        time.sleep(1)


def quantiles(values):
    """(p50, p99, largest)"""
    ordered = sorted(values)
    return tuple(ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0.5, 0.99, 1))


def subdirectory(directory, name):
    path = f"{directory}/{name}"
    os.makedirs(path, exist_ok=True)
    return path
