# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""driver.py is plain Python as long as Spark is not touched."""

import signal
import subprocess
import sys
import unittest

from support import DRIVER, RuntimeTestCase


class DriverTests(RuntimeTestCase):
    def run_file(self, text, *args, name="main.py", **environment):
        return self.call(sys.executable, DRIVER, self.write(name, text), *args, **environment)

    def assert_like_python(self, text, *args, name="main.py"):
        path = self.write(name, text)
        plain = self.call(sys.executable, path, *args)
        ours = self.call(sys.executable, DRIVER, path, *args)
        self.assertEqual((ours.returncode, ours.stdout, ours.stderr), (plain.returncode, plain.stdout, plain.stderr))
        return ours

    def test_the_file_sees_what_plain_python_shows_it(self):
        done = self.assert_like_python(
            "import sys\n"
            "print(sys.argv, sys.path[0], __file__, __name__, __spec__, __package__, __doc__, __annotations__)\n"
            "print(type(__loader__), __loader__.get_filename('__main__'))\n"
            "print(sys.modules['__main__'].__dict__ is globals())\n"
            "print(sorted(n for n in globals() if n not in ('spark', 'sc', 'sqlContext')))\n",
            "a b",
            "--c=ü",
        )
        self.assertIn("a b", done.stdout)

    def test_a_module_beside_the_file_is_found_also_through_a_link(self):
        self.write("real/helper.py", "x = 42")
        path = self.write("real/main.py", "import helper; print(helper.x)")
        link = self.folder / "link.py"
        link.symlink_to(path)
        self.assertEqual(self.call(sys.executable, DRIVER, link).stdout, "42\n")

    def test_encodings(self):
        self.assert_like_python("print('grün', len('ü'))", name="grün.py")
        self.assert_like_python("# -*- coding: latin-1 -*-\nprint(len('ü'), ascii('ü'))".encode("latin-1"))
        self.assert_like_python(b"\xef\xbb\xbfprint(1)")

    def test_objects_of_the_file_can_be_pickled(self):
        self.assert_like_python(
            "import pickle\n"
            "class A:\n    x = 1\n"
            "def f(): return A\n"
            "if __name__ == '__main__':\n"
            "    print(pickle.loads(pickle.dumps(A())).x, pickle.loads(pickle.dumps(f))() is A)\n"
        )

    def test_multiprocessing_by_spawn_and_by_fork(self):
        self.assert_like_python(
            "import multiprocessing as m\n"
            "def square(x): return x * x\n"
            "if __name__ == '__main__':\n"
            "    for kind in ('spawn', 'fork'):\n"
            "        with m.get_context(kind).Pool(2) as pool:\n"
            "            print(pool.map(square, range(4)))\n"
        )

    def test_an_error_is_printed_as_python_prints_it_and_left_for_the_server(self):
        done = self.assert_like_python(
            "def inner():\n"
            "    try:\n"
            "        {}['k']\n"
            "    except KeyError as e:\n"
            "        raise ValueError('boom') from e\n"
            "inner()\n"
        )
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.task_file("error.json"), {"error": "ValueError: boom", "error_trace": done.stderr})

    def test_a_file_that_does_not_parse(self):
        path = self.write("main.py", "def f(:\n  pass\n")
        plain, ours = self.call(sys.executable, path), self.call(sys.executable, DRIVER, path)
        self.assertEqual((ours.returncode, ours.stderr), (plain.returncode, plain.stderr))
        self.assertEqual(self.task_file("error.json")["error"], "SyntaxError: invalid syntax")

    def test_a_file_that_is_not_there(self):
        plain = self.call(sys.executable, "nowhere.py")
        ours = self.call(sys.executable, DRIVER, "nowhere.py")
        self.assertEqual((ours.returncode, ours.stderr), (plain.returncode, plain.stderr))
        self.assertIn("No such file", self.task_file("error.json")["error"])

    def test_ways_to_exit(self):
        for argument, code, error in (
            ("", 0, None),
            ("0", 0, None),
            ("False", 0, None),
            ("3", 3, "SystemExit: 3"),
            ("-1", 255, "SystemExit: -1"),
            ("'sorry'", 1, "SystemExit: sorry"),
        ):
            with self.subTest(argument):
                (self.task / "error.json").unlink(missing_ok=True)
                done = self.assert_like_python(f"import sys\nsys.exit({argument})\n")
                self.assertEqual(done.returncode, code)
                self.assertEqual((self.task_file("error.json") or {}).get("error"), error)

    def test_exit_handlers_and_threads_end_in_pythons_order(self):
        self.assert_like_python(
            "import atexit, threading, time\n"
            "atexit.register(print, 'handler')\n"
            "go = threading.Event()\n"
            "def work():\n    go.wait()\n    time.sleep(0.1)\n    print('thread')\n"
            "threading.Thread(target=work).start()\n"
            "print('end of file')\n"
            "go.set()\n"
        )

    def test_an_exception_hook_of_the_file_is_used(self):
        done = self.run_file("import sys\nsys.excepthook = lambda *a: print('hook', a[1])\n1 / 0\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (1, "hook division by zero\n", ""))
        self.assertEqual(self.task_file("error.json")["error"], "ZeroDivisionError: division by zero")

    def test_an_interrupt_ends_the_process_by_its_signal(self):
        path = self.write("main.py", "import time\nprint('ready', flush=True)\ntime.sleep(100)\n")
        # A shell's background job, such as a test run may be, ignores interrupts, and so would its children.
        process = subprocess.Popen(
            [sys.executable, DRIVER, path], env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.assertEqual(process.stdout.readline(), b"ready\n")
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, -signal.SIGINT)
        self.assertTrue(error.rstrip().endswith(b"KeyboardInterrupt"), error)
        self.assertNotIn(b"driver.py", error)
        self.assertEqual(self.task_file("error.json")["error"], "KeyboardInterrupt")

    def test_a_forked_child_that_fails_is_not_the_task_failing(self):
        done = self.run_file("import os\npid = os.fork()\nif pid == 0:\n    1 / 0\nos.waitpid(pid, 0)\nprint('fine')\n")
        self.assertEqual((done.returncode, done.stdout), (0, "fine\n"))
        self.assertIsNone(self.task_file("error.json"))

    def test_without_spark_nothing_of_it_is_loaded(self):
        done = self.run_file(
            "import sys, inspect, unittest\n"
            "for name, value in list(globals().items()):\n"
            "    isinstance(value, type); callable(value); id(value); value == 1; inspect.isclass(value)\n"
            "unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])\n"
            "print([m for m in sys.modules if m.startswith(('pyspark', 'py4j'))])\n"
            "spark = 'mine'\n"
            "print(spark)\n"
        )
        self.assertEqual((done.stdout, done.stderr), ("[]\nmine\n", ""))

    def test_only_modules_that_python_loads_anyway_are_imported(self):
        path = self.write("main.py", "import sys; print(sorted(sys.modules))")
        plain, ours = self.call(sys.executable, path).stdout, self.call(sys.executable, DRIVER, path).stdout
        self.assertEqual(set(eval(ours)) - set(eval(plain)), {"atexit"} - set(eval(plain)))

    def test_a_huge_error_is_cut_and_a_missing_task_directory_is_no_second_error(self):
        self.run_file("raise ValueError('x' * 3_000_000)")
        self.assertLess((self.task / "error.json").stat().st_size, 2_500_000)
        done = self.run_file("raise ValueError('boom')", LAMPLIGHTER_TASK_DIR=self.folder / "gone")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ValueError: boom", done.stderr)

    def test_values_of_secrets_are_in_no_report_and_in_no_environment(self):
        done = self.run_file(
            "import os\nprint([n for n in os.environ if 'REDACT' in n])\nraise ValueError(os.environ['A'])",
            A="a topsecret, topsecrets", LAMPLIGHTER_REDACT_0="topsecret", LAMPLIGHTER_REDACT_1="topsecrets",
        )  # fmt: skip
        self.assertEqual((done.returncode, done.stdout), (1, "[]\n"))
        report = self.task_file("error.json")
        self.assertEqual(report["error"], "ValueError: a [REDACTED], [REDACTED]")
        self.assertTrue(report["error_trace"].endswith("ValueError: a [REDACTED], [REDACTED]\n"))

    def test_a_term_signal_ends_it_as_plain_python(self):
        path = self.write("main.py", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)\n")
        self.assertEqual(self.call(sys.executable, DRIVER, path).returncode, -signal.SIGTERM)


if __name__ == "__main__":
    unittest.main()
