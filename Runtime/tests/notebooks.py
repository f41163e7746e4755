# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What the tests of notebooks share: a kernel on a task directory, and a server that answers from a script."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from support import PATIENCE, SOURCE, RuntimeTestCase

KERNEL = SOURCE / "python" / "lamplighter" / "kernel.py"
FORK_SERVER = SOURCE / "python" / "lamplighter" / "fork_server.py"
TABLE = "application/vnd.lamplighter.table+json"

sys.path.insert(0, str(SOURCE / "python"))


class Refusal(Exception):
    def __init__(self, status, code, message):
        self.status, self.body = status, {"error_code": code, "message": message}


class FakeServer:
    """Answers POST /internal/run/PATH by answers[PATH](body); what was asked for is in `calls`."""

    def __init__(self, answers):
        fake = self
        self.calls = []
        self.tokens = set()

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                path = self.path.removeprefix("/internal/run/")
                fake.calls.append((path, body))
                fake.tokens.add(self.headers["Authorization"])
                try:
                    status, answer = 200, answers[path](body)
                except Refusal as refusal:
                    status, answer = refusal.status, refusal.body
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Ended:
    """A run that has ended: its events, its files."""

    def __init__(self, process, task):
        self.process = process
        self.code = process.returncode
        lines = (task / "notebook-events.jsonl").read_text().splitlines()
        self.events = [json.loads(line) for line in lines]
        self.error = self._file(task / "error.json")
        self.output = self._file(task / "notebook-output.json")

    @staticmethod
    def _file(path):
        return json.loads(path.read_text()) if path.exists() else None

    def of(self, cell):
        """The outputs of a cell; pieces of one stream are one."""
        outputs = []
        for event in self.events:
            if event["event"] != "output" or event["cell"] != cell:
                continue
            output = event["output"]
            last = outputs[-1] if outputs else {}
            if output["type"] == "stream" and last.get("type") == "stream" and last["name"] == output["name"]:
                last["text"] += output["text"]
            else:
                outputs.append(dict(output))
        return outputs

    def text(self, cell):
        return "".join(output["text"] for output in self.of(cell) if output["type"] == "stream")

    def states(self):
        return [event["state"] for event in self.events if event["event"] == "cell_finished"]


class NotebookTestCase(RuntimeTestCase):
    def setUp(self):
        super().setUp()
        self.work = self.folder / "work"
        self.dbfs = self.folder / "dbfs"
        self.work.mkdir()
        self.dbfs.mkdir()

    def serve(self, **answers):
        """answers: notebooks_get=function for notebooks/get, and so on; what follows the first _ has - for _."""
        names = {name.replace("_", "/", 1).replace("_", "-"): answer for name, answer in answers.items()}
        server = FakeServer(names)
        self.addCleanup(server.close)
        return server

    def assign(self, cells, language="python", path="/Team/a/main", **more):
        commands = [{"id": f"c{index}", "source": source} for index, source in enumerate(cells)]
        assignment = {"notebook": {"path": path, "language": language, "commands": commands}, **more}
        (self.task / "notebook.json").write_text(json.dumps(assignment))

    def notebook_environment(self, server=None, **more):
        environment = self.environment(TMPDIR=self.work, DBFS_ROOT=self.dbfs, HOME=self.work)
        if server is not None:
            environment.update(LAMPLIGHTER_URL=server.url, LAMPLIGHTER_RUN_TOKEN="run-token")
        environment.update({name: str(value) for name, value in more.items()})
        return environment

    def run_notebook(self, *cells, server=None, environment=None, **assignment):
        self.assign(cells, **assignment)
        process = subprocess.run(
            [sys.executable, KERNEL], env=self.notebook_environment(server, **(environment or {})), cwd=self.work,
            capture_output=True, text=True, timeout=PATIENCE,
        )  # fmt: skip
        if not (self.task / "notebook-events.jsonl").exists():
            raise AssertionError(f"the kernel did not start: {process.stderr}")
        return Ended(process, self.task)

    def assert_succeeded(self, run):
        self.assertEqual((run.code, run.error), (0, None), run.process.stderr[-2000:])


def is_gone(pid):
    return not os.path.exists(f"/proc/{pid}")
