# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""mlflow as a user has it, and a tracking server: its backend `databricks` wants one that both ends reach by http."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from https_front import clean_environment


class MLflow:
    """mlflow's programs, with the server as their DATABRICKS_HOST and `tracking` as their tracking server."""

    def __init__(self, programs, front, tracking):
        self.programs, self.tracking = programs, tracking
        self.environment = {
            **clean_environment(), **front.environment, "DATABRICKS_HOST": front.server.url,
            "DATABRICKS_TOKEN": front.server.token, "DATABRICKS_CONFIG_FILE": os.devnull,
            "MLFLOW_TRACKING_URI": tracking, "GIT_PYTHON_REFRESH": "quiet"}

    def process(self, *command, timeout=240, **environment):
        return subprocess.run(
            [self.programs / command[0], *map(str, command[1:])], capture_output=True, text=True, timeout=timeout,
            env={**self.environment, **environment})

    def runs(self, experiment):
        """What the tracking server knows of an experiment's runs."""
        found = self.ask(f"experiments/get-by-name?experiment_name={experiment}")["experiment"]["experiment_id"]
        return self.ask("runs/search", {"experiment_ids": [found]}).get("runs", [])

    def ask(self, path, body=None):
        request = urllib.request.Request(
            f"{self.tracking}/api/2.0/mlflow/{path}", headers={"Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)


@contextlib.contextmanager
def tracking_server(programs, directory):
    """Gives the address of a tracking server of its own, once it answers."""
    with socket.socket() as probe:  # mlflow does not say which port it was given by the system
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    with open(directory / "tracking.log", "wb") as log:
        process = subprocess.Popen(
            [programs / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
             "--backend-store-uri", directory / "runs", "--artifacts-destination", directory / "artifacts"],
            stdout=log, stderr=log, cwd=directory, env={**os.environ, "HOME": str(directory)}, start_new_session=True)
    try:
        wait_for(url + "/health", process, directory / "tracking.log")
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def wait_for(url, process, log, timeout=90):
    deadline = time.monotonic() + timeout
    while True:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-2000:]
        time.sleep(0.1)
