# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What a notebook asks the server for: other notebooks, runs of them, secrets, task values."""

import base64
import json
import unittest

from notebooks import NotebookTestCase, Refusal


def notebook(path, *sources, language="python"):
    return {"path": path, "language": language, "revision": 1,
            "commands": [{"id": str(n), "source": source} for n, source in enumerate(sources)]}  # fmt: skip


def library(*notebooks):
    """Answers notebooks/get."""
    shelf = {one["path"]: one for one in notebooks}

    def get(body):
        if body["path"] not in shelf:
            raise Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such notebook")
        return shelf[body["path"]]

    return get


class RunMagicTests(NotebookTestCase):
    def run_with(self, shelf, *cells, **assignment):
        self.server = self.serve(notebooks_get=library(*shelf))
        return self.run_notebook(*cells, server=self.server, **assignment)

    def test_a_notebook_is_run_in_the_names_of_the_other_and_asked_for_once(self):
        run = self.run_with(
            [
                notebook("/Team/a/lib/one", "x = 1\nprint('one')", "%md # no", '%run ../two $p="from run"'),
                notebook("/Team/a/two", "y = x + 1\nprint('two', dbutils.widgets.get('p'), dbutils.widgets.get('q'))"),
            ],
            "%run ./lib/one",
            "print(x, y, dbutils.widgets.getAll())",
            "%run ./lib/one",
            parameters={"p": "base", "q": "base"},
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "one\ntwo from run base\n")
        self.assertEqual(run.text(1), "1 2 {'p': 'base', 'q': 'base'}\n")
        self.assertEqual([body["path"] for _, body in self.server.calls], ["/Team/a/lib/one", "/Team/a/two"])
        self.assertEqual(self.server.tokens, {"Bearer run-token"})

    def test_an_error_within_tells_both_places(self):
        run = self.run_with([notebook("/lib", "1", "a = 1\nb = nowhere")], "2", "%run /lib", "never")
        self.assertEqual((run.error["cell"], run.error["notebook_path"], run.error["notebook_cell"], run.error["line"]),
                         (1, "/lib", 1, 2))  # fmt: skip
        self.assertTrue(run.error["included"])
        self.assertIn("Cell 2 of /lib, line 2", run.error["error_trace"])
        self.assertEqual(run.states(), ["finished", "error"])

    def test_an_exit_within_ends_the_run(self):
        run = self.run_with([notebook("/lib", "dbutils.notebook.exit('inner')")], "%run /lib", "never")
        self.assert_succeeded(run)
        self.assertEqual(run.output["result"], "inner")

    def test_circles_depth_and_missing_notebooks_are_clear_errors(self):
        circle = [notebook("/a", "%run ./b"), notebook("/b", "%run ./a")]
        run = self.run_with(circle, "%run /a")
        self.assertIn("goes round in a circle: /a -> /b -> /a", run.error["error"])
        (self.task / "notebook-events.jsonl").unlink()
        run = self.run_with([notebook(f"/n{n}", f"%run ./n{n + 1}") for n in range(60)], "%run /n0")
        self.assertIn("50 levels deep", run.error["error"])
        (self.task / "notebook-events.jsonl").unlink()
        run = self.run_with([], "%run ./nowhere")
        self.assertIn("%run of /Team/a/nowhere: there is no such notebook", run.error["error"])

    def test_python_restarts_within(self):
        run = self.run_with(
            [notebook("/lib", "import os\nx = 1\ndbutils.library.restartPython()", "print('x' in globals())")],
            "%run /lib",
            "print('after')",
        )
        self.assert_succeeded(run)
        self.assertEqual((run.text(0), run.text(1)), ("False\n", "after\n"))
        self.assertEqual(len(self.server.calls), 1)
        self.assertEqual([e["cell"] for e in run.events if e["event"] == "cell_started"], [0, 1])


class NotebookRunTests(NotebookTestCase):
    def run_with(self, end, *cells, **assignment):
        polls = iter([{"life_cycle_state": "RUNNING"}, {"life_cycle_state": "TERMINATED", **end}])
        self.server = self.serve(notebooks_run=lambda body: {"run_id": 77}, notebooks_wait=lambda body: next(polls))
        return self.run_notebook(*cells, server=self.server, **assignment)

    def test_the_exit_value_of_the_other_run_is_returned(self):
        run = self.run_with(
            {"result_state": "SUCCESS", "exit_value": "42"},
            "print(dbutils.notebook.run('../b/c', 60, {'x': '1'}))",
            depth=3,
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "42\n")
        self.assertEqual(run.of(0)[0]["run_id"], 77)
        path, body = self.server.calls[0]
        token = body.pop("idempotency_token")
        self.assertGreaterEqual(len(token), 16)
        self.assertEqual((path, body), (
            "notebooks/run", {"path": "/Team/b/c", "arguments": {"x": "1"}, "timeout_seconds": 60},
        ))  # fmt: skip

    def test_a_failed_run_is_an_exception_that_says_why(self):
        run = self.run_with(
            {"result_state": "FAILED", "error": "ValueError: no"},
            "try:\n    dbutils.notebook.run('b', 0)\nexcept Exception as e:\n    print(type(e).__name__, e)",
            "dbutils.notebook.run('b', 0, {'x': 1})",
        )
        self.assertEqual(run.text(0), "WorkflowException /Team/a/b FAILED: ValueError: no\n")
        self.assertIn("must be a string", run.error["error"])

    def test_notebooks_cannot_run_each_other_without_end(self):
        run = self.run_with({}, "dbutils.notebook.run('b', 0)", depth=30)
        self.assertIn("30 levels deep", run.error["error"])
        self.assertEqual(self.server.calls, [])

    def test_a_server_that_is_away_for_a_moment_is_asked_again(self):
        address = self.folder / "endpoint"
        server = self.serve(**{"task-values_get": lambda body: {"value": 1}})
        address.write_text("http://127.0.0.1:9\n")
        run = self.run_notebook(
            "import threading, time\n"
            f"threading.Timer(0.3, lambda: open({str(address)!r}, 'w').write({server.url!r})).start()\n"
            "print(dbutils.jobs.taskValues.get('t', 'k'))",
            server=server,
            environment={"LAMPLIGHTER_URL_FILE": address},
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), "1\n")

    def test_without_a_server_the_error_says_so(self):
        run = self.run_notebook("dbutils.notebook.run('b', 0)")
        self.assertIn("not started by a Lamplighter server", run.error["error"])


def secret_of(secrets):
    """Answers secrets/get."""

    def get(body):
        if (body["scope"], body["key"]) not in secrets:
            raise Refusal(404, "RESOURCE_DOES_NOT_EXIST", "no such secret")
        return {"value": base64.b64encode(secrets[body["scope"], body["key"]].encode()).decode()}

    return get


class SecretTests(NotebookTestCase):
    def serve_secrets(self):
        return self.serve(
            secrets_get=secret_of({("s", "k"): "top\nsecret"}),
            secrets_list=lambda body: {"secrets": [{"key": "k"}]},
            **{"secrets_list_scopes": lambda body: {"scopes": [{"name": "s"}]}},
        )

    def test_secrets_are_known_to_code_and_shown_to_nobody(self):
        run = self.run_notebook(
            "v = dbutils.secrets.get('s', 'k')\nassert v == 'top\\nsecret'\n"
            "assert dbutils.secrets.getBytes('s', 'k') == v.encode()\n"
            "print(dbutils.secrets.list('s'), dbutils.secrets.listScopes())",
            "print(v)\nprint(repr(v), v.encode())\nimport sys\nsys.stdout.write('top\\n')\n"
            "sys.stdout.flush()\nsys.stdout.write('secret.')",
            "v",
            "displayHTML('<b>' + v + '</b>')\ndisplay([{'a': v}])\nimport os; os.environ['V'] = v",
            '%sh echo "$V"',
            "dbutils.library.restartPython()",
            "import os; print(os.environ['V'])",
            "dbutils.secrets.get('s', 'other')",
            server=self.serve_secrets(),
        )
        self.assertEqual(run.text(0), "[SecretMetadata(key='k')] [SecretScope(name='s')]\n")
        self.assertEqual(run.text(1), "[REDACTED]\n'[REDACTED]' b'[REDACTED]'\n[REDACTED].")
        self.assertEqual((run.text(4), run.text(6)), ("[REDACTED]\n", "[REDACTED]\n"))
        self.assertIn("Secret does not exist with scope: s and key: other", run.error["error"])
        self.assert_redacted()

    def test_secrets_that_come_in_pieces_or_are_cut(self):
        secret = "topsecret-" + "0123456789abcdef" * 6 + "-t"
        server = self.serve(secrets_get=secret_of({("s", "k"): secret}))
        run = self.run_notebook(
            "import sys, threading\nv = dbutils.secrets.get('s', 'k')",
            "for letter in v * 2: sys.stdout.write(letter); sys.stdout.flush()",
            "print(v, end='', flush=True); threading.Event().wait(0.3); print(' next')",
            '%sh printf %s "$V"; sleep 0.3; echo',
            "import pandas\ndisplay([{'a': v}])\npandas.DataFrame({'a': [v]})",
            "def of_it(): raise ValueError(v)\nof_it()",
            server=server,
            environment={"V": secret},
        )
        self.assertEqual([run.text(n) for n in (1, 2, 3)], ["[REDACTED]" * 2, "[REDACTED] next\n", "[REDACTED]\n"])
        self.assertEqual(run.error["error"], "ValueError: [REDACTED]")
        shown = json.dumps(run.events)
        self.assertNotIn(secret[:24], shown)
        self.assertEqual(shown.count("[REDACTED]"), 2 + 1 + 1 + 4 + 2, shown)

    def test_errors_and_exit_values_do_not_show_them_either(self):
        run = self.run_notebook(
            "v = dbutils.secrets.get('s', 'k')\nraise ValueError('x' + v)", server=self.serve_secrets()
        )
        self.assertEqual(run.error["error"], "ValueError: x[REDACTED]")
        self.assert_redacted()
        (self.task / "notebook-events.jsonl").unlink()
        run = self.run_notebook("dbutils.notebook.exit(dbutils.secrets.get('s', 'k'))", server=self.serve_secrets())
        self.assertEqual(run.output["result"], "[REDACTED]")

    def test_secrets_in_the_settings_of_the_cluster_are_redacted_from_the_start(self):
        environment = {"A": "<top\nsecret>", "LAMPLIGHTER_REDACT_0": "top\nsecret", "LAMPLIGHTER_REDACT_1": "other"}
        show = "import os\nprint(os.environ['A'], 'an' + 'other', [n for n in os.environ if 'REDACT' in n])"
        run = self.run_notebook(
            show, "dbutils.library.restartPython()", show, '%sh echo "$A"', "raise ValueError(os.environ['A'])",
            environment=environment,
        )  # fmt: skip
        for cell in (0, 2):
            self.assertEqual(run.text(cell), "<[REDACTED]> an[REDACTED] []\n")
        self.assertEqual(run.text(3), "<[REDACTED]>\n")
        self.assertEqual(run.error["error"], "ValueError: <[REDACTED]>")
        self.assert_redacted()

    def test_each_line_of_a_long_secret_is_one(self):
        key = "-----BEGIN KEY-----\n  MIIEvQIBADANBgkq\nshort\n-----END KEY-----\n"
        server = self.serve(secrets_get=lambda body: {"value": base64.b64encode(key.encode()).decode()})
        run = self.run_notebook("for line in dbutils.secrets.get('s', 'k').splitlines(): print(':', line)", server=server)
        self.assertEqual(run.text(0), ": [REDACTED]\n:   [REDACTED]\n: short\n: [REDACTED]\n")

    def test_what_is_handed_on_is_a_reference(self):
        values, calls = {}, []
        run_answers = {"notebooks_run": lambda body: calls.append(body["arguments"]) or {"run_id": 7},
                       "notebooks_wait": lambda body: {"life_cycle_state": "TERMINATED", "result_state": "SUCCESS"},
                       "task-values_set": lambda body: values.update({body["key"]: body["value"]}) or {},
                       "task-values_get": lambda body: {"value": values[body["key"]]}}  # fmt: skip
        server = self.serve(secrets_get=secret_of({("s", "k"): "top\nsecret"}), **run_answers)
        run = self.run_notebook(
            "v = dbutils.secrets.get('s', 'k')\ndbutils.library.restartPython()",
            "v = dbutils.secrets.get('s', 'k')\ndbutils.notebook.run('b', 0, {'x': f'<{v}>', 'y': 'plain'})\n"
            "dbutils.jobs.taskValues.set('t', {'a': [v, 1]})",
            "assert dbutils.jobs.taskValues.get('task', 't') == {'a': ['top\\nsecret', 1]}",
            server=server,
        )
        self.assert_succeeded(run)
        self.assertEqual(calls, [{"x": "<{{secrets/s/k}}>", "y": "plain"}])
        self.assertEqual(values, {"t": {"a": ["{{secrets/s/k}}", 1]}})
        self.assert_redacted()

    def test_a_notebook_that_is_run_by_another_gets_the_value_and_shows_it_to_nobody(self):
        cell = "x = dbutils.widgets.get('x')\nassert x in ('<top\\nsecret>', '<{{secrets/s/k}}>'), x\nprint(x)"
        server = self.serve(secrets_get=secret_of({("s", "k"): "top\nsecret"}))
        parameters = {"x": "<{{secrets/s/k}}>", "y": "{{secrets/s/other}} {{run_id}}"}
        run = self.run_notebook(cell, "print(getArgument('y'))", server=server, parameters=parameters, depth=1)
        self.assert_succeeded(run)
        self.assertEqual((run.text(0), run.text(1)), ("<[REDACTED]>\n", "{{secrets/s/other}} {{run_id}}\n"))
        (self.task / "notebook-events.jsonl").unlink()
        run = self.run_notebook(cell, server=server, parameters=parameters)
        self.assertEqual(run.text(0), "<{{secrets/s/k}}>\n", "a job's parameters are as they were given")

    def assert_redacted(self):
        for file in self.task.iterdir():
            for form in ("top\nsecret", "top\\nsecret", "top\\\\nsecret"):
                self.assertNotIn(form, file.read_text() if file.name != "notebook.json" else "")


class TaskValueTests(NotebookTestCase):
    def test_values_go_to_the_server_and_come_back(self):
        values = {}

        def get(body):
            if body["key"] not in values:
                raise Refusal(404, "RESOURCE_DOES_NOT_EXIST", "")
            return {"value": values[body["key"]]}

        server = self.serve(
            **{"task-values_get": get, "task-values_set": lambda b: values.update({b["key"]: b["value"]}) or {}}
        )
        run = self.run_notebook(
            "t = dbutils.jobs.taskValues\nt.set('k', {'a': [1, None]})\nt.set(key='l', value=2)\n"
            "print(t.get('task', 'k'), t.get(taskKey='task', key='m', default='d', debugValue='x'))",
            "try: t.set('i', [float('inf')])\nexcept ValueError as e: print(e)",
            "t.set('big', 'x' * 50_000)",
            server=server,
        )
        self.assertEqual(run.text(0), "{'a': [1, None]} d\n")
        self.assertIn("holds a number that JSON cannot hold: [inf]", run.text(1))
        self.assertEqual(values, {"k": {"a": [1, None]}, "l": 2})
        self.assertIn("49152 bytes", run.error["error"])


class ContextTests(NotebookTestCase):
    def test_a_notebook_can_ask_who_it_is(self):
        server = self.serve()
        run = self.run_notebook(
            "import json\nc = dbutils.notebook.entry_point.getDbutils().notebook().getContext()\n"
            "print(c.notebookPath().get(), json.loads(c.toJson())['tags']['jobId'], c.tags()['runId'].get())\n"
            "print(c.apiUrl().get(), c.apiToken().get())",
            context={"job_id": 5, "run_id": 6},
            server=server,
        )
        self.assert_succeeded(run)
        self.assertEqual(run.text(0), f"/Team/a/main 5 6\n{server.url} [REDACTED]\n")
        self.assertNotIn("run-token", json.dumps(run.events))


if __name__ == "__main__":
    unittest.main()
