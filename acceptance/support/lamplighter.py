# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A Lamplighter server of a test's own: a process on a free port of the loopback address and a directory of its own."""

import base64
import json
import os
import pathlib
import select
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

START_SECONDS = 60
ROOT = pathlib.Path(__file__).resolve().parents[2]


def program():
    """The built server: what LAMPLIGHTER_PROGRAM says, else the newest of the debug and the release build."""
    named = os.environ.get("LAMPLIGHTER_PROGRAM")
    if named:
        return named
    built = [ROOT / ".build" / kind / "lamplighter" for kind in ("debug", "release")]
    built = [path for path in built if path.exists()]
    if not built:
        raise RuntimeError("nothing is built: `make build`, or set LAMPLIGHTER_PROGRAM")
    return str(max(built, key=lambda path: path.stat().st_mtime))


class Answer:
    """An HTTP answer: `status`, `headers` (case-insensitive), `text`, and `json`, None where it is not JSON."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace")
        try:
            self.json = json.loads(body)
        except ValueError:
            self.json = None

    def __repr__(self):
        return f"<{self.status} {self.text[:500]}>"


class Server:
    """Use as a context manager. `stop` ends the server gracefully, `kill` by SIGKILL; `start` starts it again on the
    same data."""

    def __init__(self, *arguments, data=None, environment=None):
        self._own = None if data else tempfile.mkdtemp(prefix="lamplighter-test-")
        self.data = pathlib.Path(data or self._own) / "data"
        self.arguments = arguments
        self.environment = environment or {}
        self.process = None
        self.url = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    def start(self):
        log = open(f"{self.data}.log", "ab")
        self.process = subprocess.Popen(
            [program(), "serve", "--data", str(self.data), "--port", "0", *self.arguments],
            stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env={**os.environ, **self.environment})
        log.close()
        ready, _, _ = select.select([self.process.stdout], [], [], START_SECONDS)
        line = self.process.stdout.readline().decode() if ready else ""
        if not line.startswith("listening on "):
            self.kill()
            raise RuntimeError(f"the server did not start: {line}{self.log[-2000:]}")
        self.url = line.removeprefix("listening on ").strip()
        return self

    @property
    def log(self):
        return pathlib.Path(f"{self.data}.log").read_text(errors="replace")

    @property
    def _tls(self):
        """Trusts the certificate that the server was given."""
        if "--tls-cert" not in self.arguments:
            return None
        return ssl.create_default_context(cafile=self.arguments[self.arguments.index("--tls-cert") + 1])

    @property
    def pid(self):
        return self.process.pid

    @property
    def token(self):
        return (self.data / "admin-token").read_text().strip()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process:
            self.process.wait()
            self.process.stdout.close()
        self.process = None

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process = None

    def call(self, method, path, body=None, headers=None, timeout=60):
        """A request; `body` is bytes, text, or what is sent as JSON. `path` begins with a slash."""
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        request = urllib.request.Request(
            self.url + path, data=body, method=method,
            headers={"Authorization": f"Bearer {self.token}", **(headers or {})})
        try:
            with urllib.request.urlopen(request, timeout=timeout, context=self._tls) as response:
                return Answer(response.status, response.headers, response.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, path):
        """`path` below /api/2.0/, query included."""
        return self.call("GET", f"/api/2.0/{path}")

    def post(self, path, body):
        return self.call("POST", f"/api/2.0/{path}", body)

    def upload(self, path, contents):
        """Puts a text or bytes at a DBFS path."""
        if isinstance(contents, str):
            contents = contents.encode()
        answer = self.post("dbfs/put", {
            "path": path, "contents": base64.b64encode(contents).decode(), "overwrite": True})
        assert answer.status == 200, answer

    @staticmethod
    def wait(condition, what, timeout=120):
        """Returns once the condition holds; the time limit only ends a test that has failed."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"did not come within {timeout} s: {what}"
            time.sleep(0.05)

    def ended(self, run_id, timeout=120):
        """The run's jobs/runs/get answer once it has ended."""
        deadline = time.monotonic() + timeout
        while True:
            run = self.get(f"jobs/runs/get?run_id={run_id}").json
            if run["state"]["life_cycle_state"] in ("TERMINATED", "SKIPPED", "INTERNAL_ERROR"):
                return run
            assert time.monotonic() < deadline, run
            time.sleep(0.1)
