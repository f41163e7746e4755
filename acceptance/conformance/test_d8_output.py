# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D8: what a run has to say."""

import pytest

from contract.notebooks import import_notebook
from contract.runs import check_run
from contract.settings import settings
from contract.fixtures import until

LIMIT = 5 * 1024 * 1024


@pytest.mark.rule("D8", "positive")
def test_logs_of_both_streams_and_the_run(fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    peer = gate.peer(name)
    peer.order(write="to stdout é夜🌒\n")
    peer.order(write="to stderr\n", to="stderr")
    peer.order(exit=0)
    ended = fixtures.succeeded(run)
    output = fixtures.output(run)
    assert output["metadata"] == ended
    check_run(output["metadata"])
    assert "to stdout é夜🌒\n" in output["logs"] and "to stderr\n" in output["logs"]
    assert not output.get("logs_truncated") and "error" not in output and "error_trace" not in output


@pytest.mark.rule("D8", "positive")
def test_logs_while_it_runs(fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    peer = gate.peer(name)
    peer.order(write="so far\n")
    until(lambda: "so far" in fixtures.output(run).get("logs", ""), "the first line", 20)
    peer.order(exit=0)
    fixtures.succeeded(run)


@pytest.mark.rule("D8", "positive")
def test_error_and_trace_of_a_task_that_failed(fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    gate.peer(name).order(fail="the reason")
    assert fixtures.ended(run)["state"]["result_state"] == "FAILED"
    output = fixtures.output(run)
    assert "the reason" in output["error"]
    assert "ValueError" in output["error_trace"] and "held.py" in output["error_trace"]


@pytest.mark.rule("D8", "positive")
def test_logs_and_error_of_a_run_that_was_cancelled(api, fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    peer = gate.peer(name)
    peer.order(write="before the end\n")
    until(lambda: "before the end" in fixtures.output(run).get("logs", ""), "the line", 20)
    api.post("jobs/runs/cancel", {"run_id": run}).ok()
    ended = fixtures.ended(run)
    output = fixtures.output(run)
    assert "before the end" in output["logs"]
    assert output["error"] == ended["state"]["state_message"] != ""


@pytest.mark.rule("D8", "positive")
def test_error_of_a_run_that_never_ran(fixtures):
    _, (skipped,) = fixtures.skipping_job(1)
    assert fixtures.output(skipped)["error"] == fixtures.run(skipped)["state"]["state_message"] != ""


@pytest.mark.rule("D8", "positive")
def test_at_most_5_mb_and_the_first_of_them(api, fixtures):
    count = LIMIT // 28 + 20_000
    fixtures.put("much.py", f"for i in range({count}): print('%07d ' % i + 'é' * 10)\n".encode())
    run = fixtures.submit(fixtures.python("much.py"))
    fixtures.succeeded(run)
    output = fixtures.output(run)
    logs = output["logs"]
    assert output["logs_truncated"] is True
    assert LIMIT - 100 <= len(logs.encode()) <= LIMIT
    lines = logs.split("\n")
    assert lines[:-1] == ["%07d " % number + "é" * 10 for number in range(len(lines) - 1)]
    # Cut between characters, not within one.
    assert "\ufffd" not in logs


@pytest.mark.rule("D8", "negative")
def test_exactly_5_mb_is_not_truncated(fixtures):
    fixtures.put("limit.py", f"import sys\nsys.stdout.write('x' * {LIMIT})\n".encode())
    run = fixtures.submit(fixtures.python("limit.py"))
    fixtures.succeeded(run)
    output = fixtures.output(run)
    assert len(output["logs"]) == LIMIT
    assert not output.get("logs_truncated")


@pytest.mark.rule("D8", "negative")
def test_what_is_no_text_does_not_break_the_json(fixtures):
    fixtures.put("bytes.py", b"import sys\nsys.stdout.buffer.write(bytes(range(256)) + b'\\xff\\xfe end')\n")
    run = fixtures.submit(fixtures.python("bytes.py"))
    fixtures.succeeded(run)
    assert fixtures.output(run)["logs"].endswith(" end")


@pytest.mark.rule("D8", "negative")
@pytest.mark.parametrize("run", [0, -1, 9_007_199_254_740_006])
def test_of_no_run(api, run):
    assert api.get("jobs/runs/get-output", run_id=run).refused() == f"Run {run} does not exist."


@pytest.mark.rule("D8", "negative")
def test_a_run_is_needed(api):
    assert "run_id" in api.get("jobs/runs/get-output").refused()


@pytest.mark.rule("D8", "positive")
@pytest.mark.parametrize("source, expected", [
    ("dbutils.notebook.exit('a result')", {"result": "a result", "truncated": False}),
    ("dbutils.notebook.exit('x' * (1024 * 1024 + 1))", {"result": "x" * 1024 * 1024, "truncated": True}),
    ("1 + 1", {})], ids=["result", "more than 1 MB", "no exit"])
def test_what_a_notebook_returns(api, fixtures, source, expected):
    path = import_notebook(api, fixtures, source, fixtures.name())
    run = fixtures.submit(settings(notebook_task={"notebook_path": path}))
    fixtures.succeeded(run)
    output = fixtures.output(run)["notebook_output"]
    for name in ("result", "truncated"):
        assert output.get(name, expected.get(name)) == expected.get(name)
    assert ("result" in output) == ("result" in expected)
