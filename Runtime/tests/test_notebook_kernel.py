# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""A kernel runs a notebook without Spark: cells, outputs, errors, the event log."""

import json
import subprocess
import sys
import unittest

from notebooks import KERNEL, TABLE, Ended, NotebookTestCase
from support import PATIENCE, wait_until


class CellTests(NotebookTestCase):
    def test_each_cell_begins_shows_and_ends_in_order(self):
        run = self.run_notebook("x = 1\nprint('a')", "x + 1", "%md # Title", "")
        self.assert_succeeded(run)
        kinds = [(event["event"], event.get("cell")) for event in run.events]
        self.assertEqual(kinds, [
            ("started", None),
            ("cell_started", 0), ("output", 0), ("cell_finished", 0),
            ("cell_started", 1), ("output", 1), ("cell_finished", 1),
            ("cell_started", 2), ("output", 2), ("cell_finished", 2),
            ("cell_started", 3), ("cell_finished", 3),
            ("ended", None),
        ])  # fmt: skip
        self.assertEqual(run.of(0), [{"type": "stream", "name": "stdout", "text": "a\n"}])
        self.assertEqual(run.of(1), [{"type": "text", "data": {"text/plain": "2"}, "execution_result": True}])
        self.assertEqual(run.of(2), [{"type": "markdown", "data": {"text/markdown": "# Title"}}])
        self.assertEqual(run.events[1]["id"], "c0")
        self.assertEqual(run.states(), ["finished"] * 4)

    def test_streams_keep_their_order_also_of_bytes_programs_and_children(self):
        run = self.run_notebook(
            "import os, sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.stdout.buffer.write('ü\\n'.encode())\n"
            "pid = os.fork()\nif pid == 0:\n    print('child')\n    os._exit(0)\nos.waitpid(pid, 0)\nprint('end')",
            "%sh\necho one; echo two >&2",
            "!echo three",
            "lines = !echo four\nprint(lines)",
        )
        self.assert_succeeded(run)
        shown = [(o["name"], o["text"]) for o in run.of(0)]
        self.assertEqual(shown, [("stdout", "out\n"), ("stderr", "err\n"), ("stdout", "ü\nchild\nend\n")])
        self.assertEqual([run.text(n) for n in (1, 2, 3)], ["one\ntwo\n", "three\n", "['four']\n"])

    def test_what_is_written_past_python_is_output_of_the_cell(self):
        run = self.run_notebook(
            "import ctypes, multiprocessing, os, subprocess, sys\nprint('first')\nos.system('echo program')\n"
            "print('between')\nsubprocess.run(['sh', '-c', 'echo error >&2'])\nprint('last')",
            "libc = ctypes.CDLL(None)\nprint('a'); libc.puts(b'C'); libc.fflush(None); print('b')\n"
            "_ = subprocess.run(['echo', 'stream'], stdout=sys.stderr)",
            "os.write(1, 'ü'.encode()[:1]); print(end=''); os.write(1, 'ü'.encode()[1:]); os.write(1, b'\\xff')",
            "child = multiprocessing.get_context('fork').Process(target=lambda: os.system('echo child'))\n"
            "child.start(); child.join(); print('parent')",
            "left = subprocess.Popen(['sh', '-c', 'read x; echo late'], stdin=subprocess.PIPE)",
            "left.communicate(b'go')\nprint('end')",
        )
        self.assert_succeeded(run)
        shown = [(o["name"], o["text"]) for o in run.of(0)]
        self.assertEqual(
            shown, [("stdout", "first\nprogram\nbetween\n"), ("stderr", "error\n"), ("stdout", "last\n")]
        )
        self.assertEqual([(o["name"], o["text"]) for o in run.of(1)], [("stdout", "a\nC\nb\n"), ("stderr", "stream\n")])
        self.assertEqual(run.text(2), "ü\N{REPLACEMENT CHARACTER}")
        self.assertEqual([run.text(cell) for cell in (3, 4, 5)], ["child\nparent\n", "", "late\nend\n"])
        self.assertEqual((run.process.stdout, run.process.stderr), ("", ""))

    def test_a_program_that_never_stops_writing_does_not_hold_up_the_cell(self):
        run = self.run_notebook(
            "import subprocess\nleft = subprocess.Popen('while :; do echo y; done', shell=True)",
            "left.kill(); left.wait(); print('end')",
        )
        self.assert_succeeded(run)
        self.assertTrue(run.text(1).endswith("end\n"))

    def test_a_crash_leaves_its_place_in_the_log(self):
        run = self.run_notebook("import ctypes\nctypes.string_at(0)")
        self.assertEqual(run.code, -11)
        self.assertIn("Segmentation fault", run.process.stderr)
        self.assertIn("<Cell 1>", run.process.stderr)

    def test_output_is_there_while_the_cell_runs(self):
        self.assign(["import time\nprint('early')\nopen('ready', 'w')\nwhile True: time.sleep(0.01)"])
        process = subprocess.Popen([sys.executable, KERNEL], env=self.notebook_environment(), cwd=self.work)
        try:
            log = self.task / "notebook-events.jsonl"
            wait_until(lambda: log.exists() and "early" in log.read_text(), "the first output")
            self.assertNotIn("cell_finished", log.read_text())
        finally:
            process.kill()
            process.wait()

    def test_tables_html_images_and_figures(self):
        run = self.run_notebook(
            "import pandas\ndisplay(pandas.DataFrame({'a': [1, 2]}))",
            "displayHTML('<b>x</b>')",
            "import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])",
            "figure, axes = plt.subplots()\ndisplay(figure)",
            "from IPython.display import HTML\nHTML('<i>y</i>')",
            "display('text', [{'n': 1}])",
            "from IPython.display import display as show, clear_output\nhandle = show('1', display_id=True)\n"
            "handle.update('2')\nclear_output()",
        )
        self.assert_succeeded(run)
        self.assertEqual([o["type"] for n in range(5) for o in run.of(n)], ["table", "html", "image", "image", "html"])
        self.assertEqual(run.of(0)[0]["data"][TABLE]["rows"], [[1], [2]])
        self.assertTrue(run.of(2)[0]["data"]["image/png"].startswith("iVBOR"))
        self.assertEqual([o["type"] for o in run.of(5)], ["text", "table"])
        updates = [event for event in run.events if event["event"] in ("update", "clear")]
        self.assertEqual([event["event"] for event in updates], ["update", "clear"])
        self.assertEqual(updates[0]["output"]["display_id"], run.of(6)[0]["display_id"])

    def test_the_names_of_a_notebook(self):
        run = self.run_notebook(
            "import sys, pickle\nclass A: pass\n"
            "print(__name__, sys.modules['__main__'].__dict__ is globals())\n"
            "print(type(pickle.loads(pickle.dumps(A()))) is A)\n"
            "print([m for m in ('pyspark', 'py4j', 'pandas') if m in sys.modules], sys.path[0] == '')",
            "print('run-token' in str(__import__('os').environ))\nawait __import__('asyncio').sleep(0)",
            server=self.serve(),
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "__main__ True\nTrue\n[] True\n")
        self.assertEqual(run.text(1), "False\n")

    def test_modules_get_dbutils_and_threads_may_use_it(self):
        (self.work / "helper.py").write_text(
            "from pyspark.dbutils import DBUtils\ndef get(spark=None): return DBUtils(spark).widgets.get('p')\n"
        )
        run = self.run_notebook(
            "import helper, concurrent.futures\nprint(helper.get())\n"
            "with concurrent.futures.ThreadPoolExecutor() as pool:\n"
            "    print(list(pool.map(lambda n: dbutils.widgets.get('p') * n, range(3))))",
            "import threading\ngo = threading.Event()\n"
            "def late():\n    go.wait()\n    print('late', flush=True)\n    done.set()\n"
            "done = threading.Event()\nthreading.Thread(target=late).start()",
            "go.set()\nassert done.wait(60)",
            parameters={"p": "v"},
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "v\n['', 'v', 'vv']\n")
        self.assertEqual(run.text(2), "late\n")

    def test_fs_shows_texts_as_they_are_and_alone_what_it_knows(self):
        (self.dbfs / "f.txt").write_text("hällo\nyou")
        run = self.run_notebook("%fs head /f.txt", "%fs", "%fs ls /")
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "hällo\nyou\n")
        self.assertIn("head", run.text(1) + json.dumps(run.of(1)))
        self.assertEqual(run.of(2)[0]["type"], "table")

    def test_dbutils_fs(self):
        (self.folder / "secret").write_text("x")
        run = self.run_notebook(
            "fs = dbutils.fs\nfs.mkdirs('/a/b')\nfs.put('dbfs:/a/x.txt', 'hällo')\n"
            "print(fs.head('/a/x.txt'), fs.head('/a/x.txt', 2))\n"
            "print([tuple(f)[:3] for f in fs.ls('/a')], fs.ls('/a')[0].isDir())",
            "fs.cp('/a/x.txt', '/a/b/')\nfs.mv('/a/b', '/c', True)\nprint([f.path for f in fs.ls('/c')])\n"
            "print(fs.rm('/c', True), fs.rm('/c', True))",
            "fs.cp('/a/x.txt', 'file:' + __import__('os').getcwd() + '/y.txt'); print(open('y.txt').read())",
            "def refusal(f, *a):\n    try: f(*a)\n    except Exception as e: print(type(e).__name__, e)\n"
            "refusal(fs.put, '/a/x.txt', 'y'); refusal(fs.ls, '/nowhere'); refusal(fs.cp, '/a', '/d')\n"
            "refusal(fs.head, '/../secret'); refusal(fs.ls, 's3://bucket/a'); refusal(fs.mounts)\n"
            "refusal(fs.rm, '/', True)\n"
            "refusal(fs.cp, '/a', '/a/b', True)",
            "%fs ls /a",
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0).splitlines()[2:], [
            "hällo h\ufffd",
            "[('dbfs:/a/b/', 'b/', 0), ('dbfs:/a/x.txt', 'x.txt', 6)] True",
        ])  # fmt: skip
        self.assertEqual(run.text(1), "['dbfs:/c/x.txt']\nTrue False\n")
        self.assertEqual(run.text(2), "hällo\n")
        refusals = run.text(3).splitlines()
        words = ("overwrite is False", "No such file", "recurse", "No such file", "through Spark", "not supported",
                 "root directory", "within")  # fmt: skip
        for refusal, word in zip(refusals, words, strict=True):
            self.assertIn(word, refusal)
        self.assertEqual(len(run.of(4)[0]["data"][TABLE]["rows"]), 1)

    def test_widgets_have_the_parameters_of_the_run_or_their_defaults(self):
        run = self.run_notebook(
            "w = dbutils.widgets\nw.text('a', 'da')\nw.text('b', 'db', 'Label')\n"
            "print(w.get('a'), w.get('b'), w.get('c'))",
            "w.dropdown('d', '1', ['1', '2'])\nw.combobox('e', 'x', ['1'])\nw.multiselect('f', '1', ['1', '2'])\n"
            "print(w.getAll(), getArgument('d'), getArgument('g', 'none'), w.getArgument('a'))",
            "w.remove('d')\nw.removeAll()\nw.text('a', 'da')\nprint(w.getAll())",
            "dbutils.widgets.dropdown('h', '3', ['1'])",
            parameters={"a": "pa", "c": "pc"},
        )
        self.assertEqual(run.text(0), "pa db pc\n")
        self.assertEqual(
            run.text(1),
            "{'a': 'pa', 'b': 'db', 'd': '1', 'e': 'x', 'f': '1', 'c': 'pc'} 1 none pa\n",
        )
        self.assertEqual(run.text(2), "{'a': 'pa'}\n")
        self.assertIn("not among its choices", run.error["error"])

    def test_help(self):
        run = self.run_notebook(
            "dbutils.help()", "dbutils.fs.help()\ndbutils.fs.help('cp')", "dbutils.jobs.taskValues.help()"
        )
        self.assert_succeeded(run)
        for word in ("fs", "jobs", "library", "notebook", "secrets", "widgets"):
            self.assertIn(f"\n{word} -> ", run.text(0))
        self.assertIn("cp(from_, to, recurse=False) -> Copies a file", run.text(1))
        self.assertIn("get(taskKey", run.text(2))


class EndTests(NotebookTestCase):
    def test_an_exit_ends_the_run_well_with_its_value(self):
        for source in (
            "dbutils.notebook.exit('válue')",
            "try:\n    dbutils.notebook.exit('válue')\nexcept Exception:\n    print('caught')",
            "try:\n    dbutils.notebook.exit('válue')\nexcept BaseException:\n    pass",
        ):
            with self.subTest(source):
                (self.task / "notebook-events.jsonl").unlink(missing_ok=True)
                run = self.run_notebook("1", source, "print('never')")
                self.assert_succeeded(run)
                self.assertEqual(run.output, {"result": "válue", "truncated": False})
                self.assertEqual(run.states(), ["finished", "finished"])
                self.assertEqual(run.of(1), [])

    def test_a_long_exit_value_is_cut_at_a_megabyte(self):
        run = self.run_notebook("dbutils.notebook.exit('ü' * 600_000)")
        self.assertTrue(run.output["truncated"])
        self.assertEqual(len(run.output["result"].encode()), 1 << 20)

    def test_without_an_exit_there_is_no_value(self):
        self.assertIsNone(self.run_notebook("1").output)

    def test_an_error_names_the_cell_and_its_line_and_nothing_after_it_is_run(self):
        run = self.run_notebook("def f():\n    return {}['k']", "1\n\nf()", "print('never')")
        self.assertEqual(run.code, 1)
        self.assertEqual(run.states(), ["finished", "error"])
        error = run.of(1)[-1]
        self.assertEqual((error["type"], error["name"], error["line"]), ("error", "KeyError", 3))
        expected = {"error": "KeyError: 'k'", "cell": 1, "command_id": "c1", "line": 3, "notebook_path": "/Team/a/main",
                    "notebook_cell": 1, "included": False}  # fmt: skip
        self.assertEqual({name: run.error[name] for name in expected}, expected)
        self.assertIn("Cell 1, line 2, in f()", run.error["error_trace"])
        self.assertNotIn("lamplighter", run.error["error_trace"])

    def test_a_traceback_shows_the_notebooks_code_and_no_more_of_it_than_can_be_read(self):
        run = self.run_notebook("def f(n):\n    return f(n + 1)\n\nf(0)")
        self.assertEqual((run.error["error"].split(":")[0], run.error["line"]), ("RecursionError", 2))
        self.assertRegex(run.error["error_trace"], r"\[\d{3,} frames in the middle are left out\]")
        self.assertLess(run.error["error_trace"].count("Cell 1, line 2, in f(n)"), 60)
        (self.task / "notebook-events.jsonl").unlink()
        run = self.run_notebook("try:\n    dbutils.widgets.get('a')\nexcept Exception as e:\n    raise ValueError from e")
        self.assertNotIn("widgets.py", run.error["error_trace"])
        self.assertIn("dbutils.widgets.get('a')", run.error["error_trace"])

    def test_an_error_that_a_cell_only_shows_is_none_of_the_run(self):
        run = self.run_notebook("try:\n    1 / 0\nexcept ZeroDivisionError:\n    get_ipython().showtraceback()\nprint('on')")
        self.assert_succeeded(run)
        self.assertEqual([output["name"] for output in run.of(0)], ["stderr", "stdout"])
        self.assertIn("ZeroDivisionError", run.text(0))

    def test_cells_run_in_an_event_loop(self):
        run = self.run_notebook(
            "import asyncio\nasync def work(): return 'done'\ntask = asyncio.create_task(work())",
            "%%capture kept\nprint('kept', asyncio.get_running_loop().is_running())",
            "print(await task, kept.stdout)",
            "await asyncio.sleep(0)\nraise ValueError('in the loop')",
        )
        self.assertEqual(run.text(2), "done kept True\n\n")
        self.assertEqual((run.error["error"], run.error["line"]), ("ValueError: in the loop", 2))

    def test_a_forked_process_ends_with_its_cell(self):
        run = self.run_notebook(
            "import os\nchild = os.fork()\nprint('both')\nif child == 0: raise ValueError('of the child')\n"
            "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))",
            "print('once')",
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0).count("both\n"), 2)
        self.assertIn("ValueError: of the child", run.text(0))
        self.assertTrue(run.text(0).endswith("1\n"))
        self.assertEqual((run.text(1), run.states()), ("once\n", ["finished", "finished"]))

    def test_errors_of_every_kind_fail_the_run(self):
        for source, error, line in (
            ("%python\n\nx = (", "^SyntaxError: (incomplete input|'\\(' was never closed)", 3),
            ("import sys\nsys.exit(0)", "SystemExit: 0", 2),
            ("%python\n\n1 / 0", "ZeroDivisionError", 3),
            ("\n%%capture\n1 / 0", "ZeroDivisionError", None),
            ("%sh -e\necho x\nfalse", "ShellError: Command exited with code 1", None),
            ("%fs nonsense", "Error: %fs knows", None),
            ("# a remark\n%sql select 1", "ValueError: %sql must be the first thing in its cell", 2),
            ("%%md\ntext", "ValueError: %md must be the first thing in its cell", None),
            ("exit()", "SystemExit: a notebook ends early by dbutils.notebook.exit", 1),
            ("x = 1\n%run ./other", "ValueError: %run must stand in a cell by itself", 2),
            ("%fs ls /nowhere", "FileNotFoundError", None),
            ("raise KeyboardInterrupt", "KeyboardInterrupt", 1),
            ("%pip install --no-index nowhere-to-be-found", "PipError", None),
            ("%nonsense", "UsageError", None),
        ):
            with self.subTest(source):
                (self.task / "notebook-events.jsonl").unlink(missing_ok=True)
                run = self.run_notebook(source, "1")
                self.assertEqual(run.code, 1)
                self.assertRegex(run.error["error"], error)
                if line is not None:
                    self.assertEqual(run.error["line"], line)

    def test_a_shell_script_that_fails_is_no_error_without_e(self):
        self.assert_succeeded(self.run_notebook("%sh false"))

    def test_a_cell_that_shows_too_much_fails_the_run_and_what_came_before_is_kept(self):
        for source in (
            "print('early')\nwhile True:\n    try: print('x' * 100_000)\n    except BaseException: pass",
            "print('early')\ndisplayHTML('x' * (9 << 20))",
            "print('early')\nimport threading\n"
            "t = threading.Thread(target=lambda: print('x' * (9 << 20)))\nt.start()\nt.join()",
        ):
            with self.subTest(source):
                (self.task / "notebook-events.jsonl").unlink(missing_ok=True)
                run = self.run_notebook("print('kept')", source, "print('never')")
                self.assertEqual(run.code, 1)
                self.assertIn("The output of the notebook is too large", run.error["error"])
                self.assertIn("cell 2 exceeds the limit of 8 MB", run.error["error"])
                self.assertEqual(run.text(0), "kept\n")
                self.assertTrue(run.text(1).startswith("early\n"))
                self.assertLessEqual(len(run.text(1).encode()), 8 << 20)
                self.assertEqual(run.states(), ["finished", "error"])

    def test_exactly_the_limit_is_no_error_and_the_limit_is_one_of_a_cell(self):
        run = self.run_notebook("print('x' * ((8 << 20) - 1))", "print('x' * ((8 << 20) - 1))")
        self.assert_succeeded(run)

    def test_a_notebook_does_not_wait_for_its_threads_but_for_its_exit_handlers(self):
        run = self.run_notebook(
            "import atexit, threading\nfile = open('handler', 'w')\n"
            "atexit.register(lambda: (file.write('x'), file.close()))\n"
            "threading.Thread(target=threading.Event().wait).start()"
        )
        self.assert_succeeded(run)
        self.assertEqual((self.work / "handler").read_text(), "x")

    def test_a_killed_kernel_leaves_whole_lines(self):
        self.assign(["print('early', flush=True)\nimport os\nos.kill(os.getpid(), 9)"])
        process = subprocess.run(
            [sys.executable, KERNEL], env=self.notebook_environment(), cwd=self.work, timeout=PATIENCE
        )
        run = Ended(process, self.task)
        self.assertEqual((run.code, run.text(0), run.states()), (-9, "early\n", []))


class RestartTests(NotebookTestCase):
    def test_python_begins_anew_with_the_next_cell(self):
        run = self.run_notebook(
            "import os\nx = 1\npid = os.getpid()\ndbutils.widgets.text('w', 'kept')\nprint('before')\n"
            "dbutils.library.restartPython()\nprint('never')",
            "import os\nprint('x' in globals(), dbutils.widgets.get('w'), dbutils.widgets.get('p'))",
            "1 / 0",
            parameters={"p": "1"},
        )
        self.assertEqual((run.text(0), run.text(1)), ("before\n", "False kept 1\n"))
        self.assertEqual(run.states(), ["finished", "finished", "error"])
        self.assertEqual(len([event for event in run.events if event["event"] == "started"]), 1)

    def test_a_package_of_pip_is_there_for_the_run_alone(self):
        package = self.folder / "package"
        (package / "lamplighter_test_package").mkdir(parents=True)
        (package / "lamplighter_test_package" / "__init__.py").write_text("x = 42\n")
        (package / "pyproject.toml").write_text(
            '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
            '[project]\nname = "lamplighter-test-package"\nversion = "1.0"\n'
        )
        run = self.run_notebook(
            f"%pip install --no-build-isolation {package}",
            "import lamplighter_test_package as p\nprint(p.x, p.__file__)",
            "%sh python3 -c 'import os; print(os.environ[\"PYTHONPATH\"])'",
            "%pip uninstall -y lamplighter-test-package",
            "%pip uninstall -y numpy",
        )
        self.assertEqual(run.text(1).split()[0], "42")
        self.assertIn(str(self.work), run.text(1))
        self.assertIn(str(self.work), run.text(2))
        self.assertIn("Successfully uninstalled", run.text(3))
        self.assertIn("numpy was not installed by %pip", run.error["error"])


if __name__ == "__main__":
    unittest.main()
