# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The fork_server and the supervisor that adopts what it forks: real processes, files and signals."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from notebooks import FORK_SERVER, Ended, NotebookTestCase, is_gone
from support import PATIENCE, wait_until
from test_supervisor import compile_supervisor


class ForkServerTestCase(NotebookTestCase):
    """One fork_server for all tests of a class: a test must not be able to tell."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = Path(tempfile.mkdtemp(prefix="lamplighter-fork_server-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)
        given = os.environ.get("LAMPLIGHTER_SUPERVISOR")
        cls.supervisor = given or compile_supervisor(cls.scratch / "task-supervisor")
        cls.start_fork_server()

    @classmethod
    def start_fork_server(cls):
        # Longer than an address may be.
        cls.path = cls.scratch / ("long-" * 20) / "socket"
        cls.path.parent.mkdir(parents=True)
        environment = {"PATH": os.environ["PATH"], "HOME": str(cls.scratch), "TMPDIR": str(cls.scratch),
                       "PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}  # fmt: skip
        cls.fork_server = subprocess.Popen([sys.executable, FORK_SERVER, cls.path], stdin=subprocess.PIPE, env=environment)
        cls.addClassCleanup(cls.end_fork_server, cls.fork_server)
        wait_until(cls.path.exists, "the fork_server")

    @staticmethod
    def end_fork_server(fork_server):
        fork_server.stdin.close()
        fork_server.wait(PATIENCE)

    def connect(self):
        folder = os.open(self.path.parent, os.O_PATH)
        try:
            connection = socket.socket(socket.AF_UNIX)
            self.addCleanup(connection.close)
            connection.settimeout(PATIENCE)
            connection.connect(f"/proc/self/fd/{folder}/socket")
            return connection
        finally:
            os.close(folder)

    def launch(self, **more):
        environment = self.notebook_environment(**more.pop("environment", {}))
        request = {
            "supervisor": str(self.supervisor), "directory": str(self.task), "working_directory": str(self.work),
            "grace_ms": 2000, "output_cap": 1 << 20, "environment": environment, **more,
        }  # fmt: skip
        return self.ask(json.dumps(request).encode() + b"\n")

    def ask(self, data):
        with self.connect() as connection:
            connection.sendall(data)
            return json.loads(self.line_of(connection))

    @staticmethod
    def line_of(connection):
        with connection.makefile() as file:
            return file.readline()

    def end(self):
        wait_until((self.task / "exit").exists, "the end of the run")
        record = json.loads((self.task / "exit").read_text())
        return Ended(subprocess.CompletedProcess([], record["exit_code"], None, ""), self.task), record

    def run_warm(self, *cells, assignment=None, **more):
        self.assign(cells, **(assignment or {}))
        self.assertEqual(self.launch(**more), {"started": True})
        return self.end()


class ForkServerTests(ForkServerTestCase):
    def test_a_kernel_is_the_child_of_its_supervisor_which_records_its_end(self):
        run, record = self.run_warm(
            "import os, sys\n"
            "print(os.getppid(), os.getpgid(0) == os.getsid(0) == os.getpid(), os.getcwd(), oct(os.umask(0)))",
            "print(sys.stdin.read() == '', sorted(map(int, os.listdir('/proc/self/fd'))))",
            "os.write(os.open(os.environ['LAMPLIGHTER_LOG_STDOUT'], os.O_WRONLY), b'to the log')\n1 / 0",
        )
        parent, *rest = run.text(0).split()
        self.assertEqual(int(parent), record["supervisor_pid"])
        self.assertEqual(rest, ["True", str(self.work), "0o77"])
        # Standard streams, the event log; two pipes, two logs, what waits for the pipes; the event loop's three; the
        # directory that is listed.
        self.assertEqual(run.text(1), f"True {list(range(13))}\n")
        self.assertTrue(run.events[0]["warm"])
        self.assertEqual((record["exit_code"], record["orphans"], run.error["error"]),
                         (1, 0, "ZeroDivisionError: division by zero"))  # fmt: skip
        self.assertEqual(record["task_pid"], run.events[0]["pid"])
        self.assertGreater(record["cpu_ms"], 0)
        self.assertEqual((self.task / "stdout").read_bytes(), b"to the log")
        wait_until(lambda: is_gone(record["supervisor_pid"]), "the supervisor to be waited for")

    def test_a_secret_is_hidden_from_the_drivers_log_too(self):
        server = self.serve(secrets_get=lambda body: {"value": base64.b64encode(b"top-secret").decode()})
        run, record = self.run_warm(
            "import os, subprocess\nv = dbutils.secrets.get('s', 'k')",
            "os.system('echo ' + v)\nsubprocess.run(['echo', v])",
            "log = os.open(os.environ['LAMPLIGHTER_LOG_STDERR'], os.O_WRONLY)\nos.write(log, f'it is {v}.'.encode())",
            environment={"server": server},
        )
        self.assertEqual((record["exit_code"], run.text(1)), (0, "[REDACTED]\n[REDACTED]\n"))
        self.assertEqual((self.task / "stderr").read_text(), "it is [REDACTED].")
        self.assertFalse((self.task / "redact").exists())

    def test_there_is_no_error_yet(self):
        run, _ = self.run_warm("import sys\nprint([name for name in dir(sys) if name.startswith('last_')])")
        self.assertEqual(run.text(0), "[]\n")

    def test_kernels_share_nothing(self):
        cell = ("import random, numpy, os\nprint(numpy.random.random(), random.random(), 'mine' in globals(), "
                "os.environ.get('MARK'))\nmine = 1")  # fmt: skip
        first, _ = self.run_warm(cell, environment={"MARK": "x"})
        shutil.rmtree(self.task)
        self.task.mkdir()
        second, _ = self.run_warm(cell)
        one, other = first.text(0).split(), second.text(0).split()
        self.assertEqual((one[2:], other[2:]), (["False", "x"], ["False", "None"]))
        self.assertNotEqual(one[0], other[0])
        self.assertNotEqual(one[1], other[1])

    def test_a_directory_that_is_claimed_is_left_alone(self):
        self.assign(["1"])
        (self.task / "claim").write_text("1 2 3\n")
        answer = self.launch()
        self.assertFalse(answer["started"])
        self.assertIn("claimed", answer["error"])
        self.assertEqual(sorted(os.listdir(self.task)), ["claim", "notebook.json"])

    def test_two_launches_at_once_start_one_kernel(self):
        self.assign(["open('ran', 'a').write('x')"])
        connections = [self.connect() for _ in range(6)]
        request = {"supervisor": str(self.supervisor), "directory": str(self.task), "working_directory": str(self.work),
                   "grace_ms": 2000, "output_cap": 1024, "environment": self.notebook_environment()}  # fmt: skip
        for connection in connections:
            connection.sendall(json.dumps(request).encode() + b"\n")
        answers = [json.loads(self.line_of(connection))["started"] for connection in connections]
        self.assertEqual(sorted(answers), [False] * 5 + [True])
        self.end()
        self.assertEqual((self.work / "ran").read_text(), "x")

    def test_stopping_the_supervisor_ends_the_kernel_and_what_it_started(self):
        self.assign([
            "import subprocess\nchild = subprocess.Popen(['sleep', '1000'], start_new_session=True)\n"
            "print(child.pid, flush=True)\nchild.wait()"
        ])  # fmt: skip
        self.launch()
        log = self.task / "notebook-events.jsonl"
        wait_until(lambda: log.exists() and "stream" in log.read_text(), "the cell")
        supervisor = int((self.task / "claim").read_text().split()[0])
        os.kill(supervisor, signal.SIGTERM)
        run, record = self.end()
        self.assertEqual((record["signal"], record["stop_requested"]), (signal.SIGTERM, True))
        self.assertTrue(is_gone(int(run.text(0))))

    def test_a_killed_supervisor_takes_the_kernel_with_it(self):
        self.assign(["import time\nwhile True: time.sleep(1)"])
        self.launch()
        supervisor, kernel = int((self.task / "claim").read_text().split()[0]), self.kernel_pid()
        os.kill(supervisor, signal.SIGKILL)
        wait_until(lambda: is_gone(kernel), "the kernel to end")

    def kernel_pid(self):
        task = self.task / "task"
        wait_until(task.exists, "the record of the task")
        return json.loads(task.read_text())["task_pid"]

    def test_dbfs_and_databricks_are_where_programs_look_for_them(self):
        (self.dbfs / "a.txt").write_text("hello")
        databricks = self.folder / "databricks"
        run, _ = self.run_warm(
            "import os\nprint(open('/dbfs/a.txt').read(), os.environ['DB_HOME'])\n"
            "open('/databricks/x', 'w').write('y')",
            "%sh cat /dbfs/a.txt; /databricks/python/bin/python -c 'print(1)'",
            dbfs=str(self.dbfs),
            databricks=str(databricks),
        )
        if "no /dbfs" in (self.task / "stderr").read_text():
            self.skipTest("no mount namespaces here")
        self.assertEqual((run.text(0), run.text(1)), ("hello /databricks\n", "hello1\n"))
        self.assertEqual((databricks / "x").read_text(), "y")
        self.assertFalse(os.path.exists("/databricks/x"))

    def test_what_only_a_start_can_bring_about_gets_one(self):
        (self.folder / "lib" / "numpy").mkdir(parents=True)
        (self.folder / "lib" / "numpy" / "__init__.py").write_text("x = 'the library of the run'\n")
        for environment, cell, expected in (
            ({"PYTHONPATH": self.folder / "lib"}, "import numpy\nprint(numpy.x)", "the library of the run\n"),
            ({"OMP_NUM_THREADS": "1"}, "import os\nprint(os.environ['OMP_NUM_THREADS'])", "1\n"),
        ):
            with self.subTest(environment):
                shutil.rmtree(self.task)
                self.task.mkdir()
                run, record = self.run_warm(cell, environment=environment)
                self.assertEqual((run.text(0), record["exit_code"]), (expected, 0))
                self.assertFalse(run.events[0]["warm"])

    def test_libraries_that_are_not_loaded_keep_the_start_warm(self):
        self.write("lib/lamplighter_test_module.py", "x = 1")
        run, _ = self.run_warm(
            "import sys, lamplighter_test_module\nprint(sys.path[:2])", environment={"PYTHONPATH": self.folder / "lib"}
        )
        self.assertEqual(run.text(0), f"['', '{self.folder / 'lib'}']\n")
        self.assertTrue(run.events[0]["warm"])

    def test_python_can_restart_in_a_warm_kernel(self):
        run, record = self.run_warm("x = 1\ndbutils.library.restartPython()", "print('x' in globals())")
        self.assertEqual((run.text(1), record["exit_code"], record["task_pid"]), ("False\n", 0, run.events[0]["pid"]))

    def test_libraries_with_threads_of_their_own_work_in_a_fork(self):
        run, _ = self.run_warm(
            "import numpy, pandas, pyarrow, pyarrow.compute as c\na = numpy.random.rand(700, 700)\n"
            "print(numpy.allclose(a @ numpy.linalg.inv(a), numpy.eye(700)))",
            "t = pyarrow.table({'k': list(range(10)) * 20_000, 'v': list(range(200_000))})\n"
            "print(t.group_by('k', use_threads=True).aggregate([('v', 'sum')]).num_rows, c.sum(t['v']).as_py())\n"
            "print(len(t.to_pandas(use_threads=True).groupby('k').sum()))",
            "import concurrent.futures, multiprocessing\n"
            "with concurrent.futures.ThreadPoolExecutor(4) as pool: print(sum(pool.map(abs, range(5))))\n"
            "with multiprocessing.Pool(2) as pool: print(pool.map(abs, [-1, -2]))",
        )
        self.assertEqual([run.text(n) for n in range(3)], ["True\n", "10 19999900000\n10\n", "10\n[1, 2]\n"])

    def test_nonsense_is_refused_and_the_fork_server_goes_on(self):
        self.assertFalse(self.ask(b"nonsense\n")["started"])
        self.assertFalse(self.ask(b'{"directory": "/dev/null/nowhere"}\n')["started"])
        self.assertFalse(self.launch(directory="/dev/null/nowhere")["started"])
        self.assertFalse(self.launch(supervisor="/dev/null/nowhere")["started"])
        with self.connect():
            pass
        run, _ = self.run_warm("print('fine')")
        self.assertEqual(run.text(0), "fine\n")

    def test_a_working_directory_that_is_gone_fails_the_run(self):
        self.assign(["1"])
        self.launch(working_directory=str(self.folder / "gone"))
        wait_until((self.task / "exit").exists, "the end")
        self.assertEqual(json.loads((self.task / "exit").read_text())["exit_code"], 127)
        self.assertIn("gone", (self.task / "stderr").read_text())

    def test_others_cannot_connect(self):
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)


class ForkServerEndTests(ForkServerTestCase):
    def test_the_fork_server_ends_with_its_server_and_its_kernels_go_on(self):
        self.assign(["import os, time\nwhile not os.path.exists('go'): time.sleep(0.01)\nprint('done')"])
        self.launch()
        self.end_fork_server(self.fork_server)
        self.assertEqual(self.fork_server.returncode, 0)
        with self.assertRaises(OSError):
            self.connect()
        (self.work / "go").write_text("")
        run, record = self.end()
        self.assertEqual((record["exit_code"], run.text(0)), (0, "done\n"))

    def test_many_runs_leave_nothing_behind(self):
        self.start_fork_server_again()
        before = None
        for number in range(30):
            shutil.rmtree(self.task)
            self.task.mkdir()
            _, record = self.run_warm("x = [0] * 1000", "len(x)", "dbutils.notebook.exit(str(len(x)))")
            self.assertEqual(record["exit_code"], 0)
            wait_until(lambda: is_gone(record["supervisor_pid"]), "the supervisor")
            if number == 5:
                before = self.measure()
        after = self.measure()
        self.assertEqual(after[:2], before[:2])
        self.assertLess(after[2] - before[2], 2000)

    def start_fork_server_again(self):
        if self.fork_server.poll() is not None:
            shutil.rmtree(self.path.parent)
            self.start_fork_server()

    def measure(self):
        """Descriptors, children and kilobytes of the fork_server."""
        proc = Path(f"/proc/{self.fork_server.pid}")
        children = (proc / "task" / str(self.fork_server.pid) / "children").read_text().split()
        memory = next(line for line in (proc / "status").read_text().splitlines() if line.startswith("VmRSS"))
        return len(list((proc / "fd").iterdir())), len(children), int(memory.split()[1])


if __name__ == "__main__":
    unittest.main()
