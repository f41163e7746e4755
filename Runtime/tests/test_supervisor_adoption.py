# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""task-supervisor --adopt: a child that was there before the supervisor is its task like any other."""

import os
import subprocess
import sys
import unittest

from test_supervisor import MARKER, PATIENCE, SupervisorTestCase, is_alive

# Forks the task, which runs sys.argv[1], and becomes the supervisor, as the fork_server does. Formatted with what the child
# does before it waits for the byte.
PARENT = """
import os, sys
go, out, err = os.pipe(), os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    os.setsid()
    os.dup2(out[1], 1)
    os.dup2(err[1], 2)
    os.close(go[1])
    {before}
    if os.read(go[0], 1) != b"g":
        os._exit(99)
    exec(sys.argv[1])
    sys.stdout.flush()
    os._exit(0)
moved = [os.dup(fd) for fd in (go[1], out[0], err[0])]
for fd in (*go, *out, *err):
    os.close(fd)
for wanted, fd in enumerate(moved, start=3):
    os.dup2(fd, wanted)
{wait}
os.execv(sys.argv[2], [*sys.argv[2:], "--adopt", str(child)])
"""


class AdoptionTests(SupervisorTestCase):
    def adopt(self, program, *, before="pass", wait="pass"):
        arguments = [self.supervisor, "--dir", str(self.directory), "--grace-ms", "500"]
        process = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(before=before, wait=wait), program, *arguments],
            env={**os.environ, MARKER: self.marker}, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.addCleanup(self.end, process)
        return process

    def test_its_output_and_its_end_are_recorded(self):
        process = self.adopt("print('out'); print('err', file=sys.stderr); sys.stdout.flush(); os._exit(42)")
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["supervisor_pid"]), (42, process.pid))
        self.assertEqual((self.output(), self.output("stderr")), (b"out\n", b"err\n"))
        self.assertGreater(record["task_pid"], 0)

    def test_it_is_stopped_with_all_it_started(self):
        process = self.adopt(
            "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
            "print('ready', flush=True)\nimport time\ntime.sleep(1000)"
        )
        self.wait_for_output(b"ready")
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["signal"], record["stop_requested"]), (15, True))

    def test_one_that_ended_before_is_not_waited_for_for_ever(self):
        # The parent sees the end of the child's pipe before it becomes the supervisor.
        record = self.record(
            self.adopt("", before="os._exit(7)", wait="os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)")
        )
        self.assertEqual(record["exit_code"], 7)

    def test_in_a_claimed_directory_it_is_not_let_go(self):
        (self.directory / "claim").write_text("1 2 3\n")
        process = self.adopt("open('ran', 'w')")
        self.wait(process, status=17)
        self.assertEqual(os.listdir(self.directory), ["claim"])

    def test_only_a_child_can_be_adopted_and_no_program_besides(self):
        sleeper = subprocess.Popen(["sleep", "1000"])
        self.addCleanup(sleeper.wait)
        self.addCleanup(sleeper.kill)
        for arguments in (
            ["--adopt", str(sleeper.pid)],
            ["--adopt", "x"],
            ["--adopt", "0"],
            ["--adopt", "5", "--", "true"],
        ):
            with self.subTest(arguments):
                result = subprocess.run(
                    [self.supervisor, "--dir", str(self.directory), *arguments],
                    stderr=subprocess.PIPE,
                    timeout=PATIENCE,
                )
                self.assertEqual(result.returncode, 64)
                self.assertIn(b"adopt", result.stderr)
        self.assertTrue(is_alive(sleeper.pid))
        self.assertEqual(os.listdir(self.directory), [])


if __name__ == "__main__":
    unittest.main()
