# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the fault tests share: tasks that are seen from outside, mounts, and waiting."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server, program  # noqa: E402

# Says in a file that it has begun, waits for another one, and says that it ends. Never outlives the test for long.
WAITING = r"""
printf 'B %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ >> "$1/tasks.log"
until [ -e "$1/release" ] || [ ! -d "$1" ]; do sleep 0.05; done
printf 'E %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ >> "$1/tasks.log"
"""


def eventually(condition, timeout=60, what="the condition"):
    """The first true value of `condition()`."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come within {timeout} s")
        time.sleep(0.05)
    return value


def is_alive(pid):
    """False for a zombie."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@contextlib.contextmanager
def mounted(*arguments, directory):
    """`mount ARGUMENTS DIRECTORY` until the end; skips the test where that is not allowed."""
    directory.mkdir(parents=True, exist_ok=True)
    said = subprocess.run(["mount", *arguments, str(directory)], capture_output=True, text=True)
    if said.returncode != 0:
        raise unittest.SkipTest(f"may not mount: {said.stderr.strip()}")
    try:
        yield directory
    finally:
        subprocess.run(["umount", "--lazy", str(directory)], check=True)


class FaultTest(unittest.TestCase):
    """`directory` is the test's own; the servers' data are in it, and what tasks write."""

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-faults-"))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.tasks_log = self.directory / "tasks.log"
        self.tasks_log.touch()
        self.data = self.directory / "data"

    def serve(self, *arguments):
        """A running server on the test's data, until the test's end."""
        server = Server("--grace-period-seconds", "1", *arguments, data=self.directory)
        self.enterContext(server)
        # Before the server's own end: nothing that it started may outlive the test.
        self.addCleanup(self.release)
        return server

    def refused_start(self, timeout=60):
        """What a server that must not start says."""
        said = subprocess.run(
            [program(), "serve", "--data", str(self.data), "--port", "0"], capture_output=True, text=True,
            timeout=timeout, stdin=subprocess.DEVNULL)
        self.assertNotEqual(said.returncode, 0, said)
        self.assertGreater(said.returncode, 0, f"ended by a signal: {said}")
        self.assertNotIn("listening on", said.stdout)
        self.assertNotIn("Fatal error", said.stderr)
        return said.stderr

    def waiting(self, **settings):
        """Settings whose task runs until `release`."""
        command = ["bash", "-c", WAITING, "waiting", str(self.directory)]
        return {"existing_cluster_id": "default", "shell_command_task": {"command": command}, **settings}

    def release(self):
        (self.directory / "release").touch()

    def submit(self, server, settings):
        answer = server.post("jobs/runs/submit", settings)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["run_id"]

    def told(self, kind, run):
        """The pids that said "B"egin or "E"nd for a run."""
        lines = [line.split() for line in self.tasks_log.read_text().splitlines()]
        return [int(pid) for line_kind, line_run, pid in lines if line_kind == kind and line_run == str(run)]

    def begun(self, run):
        """The task's pid, once it has begun."""
        return eventually(lambda: self.told("B", run), what=f"the begin of run {run}")[0]

    def claim(self, run):
        """(pid, start ticks, boot id) of the run's supervisor."""
        pid, ticks, boot = self.claim_file(run).read_text().split()
        return int(pid), ticks, boot

    def claim_is_alive(self, run):
        return is_alive(self.claim(run)[0])

    def claim_file(self, run):
        return self.data / "runs" / str(run // 1000) / str(run) / "task" / "claim"

    def assert_result(self, run, life_cycle_state, result_state):
        state = run["state"]
        self.assertEqual((state["life_cycle_state"], state.get("result_state")), (life_cycle_state, result_state), run)

    def assert_unavailable(self, answer):
        self.assertEqual(answer.status, 503, answer)
        self.assertEqual(answer.json["error_code"], "TEMPORARILY_UNAVAILABLE", answer)
        self.assertGreater(int(answer.headers["Retry-After"]), 0)

    def assert_sound(self):
        said = subprocess.run(
            [program(), "check", "--data", str(self.data)], capture_output=True, text=True, timeout=120)
        self.assertEqual(said.returncode, 0, said)


requires_root = unittest.skipUnless(os.geteuid() == 0, "only root may mount")
