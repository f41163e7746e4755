# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C5: what run-now takes as parameters: ASCII, at most 10,000 bytes of JSON."""

import json

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings

LIMIT = 10_000
TASKS = {
    "jar_params": {"spark_jar_task": {"main_class_name": "a.B"}},
    "python_params": {"spark_python_task": {"python_file": "dbfs:/a.py"}},
    "spark_submit_params": {"spark_submit_task": {}},
    "notebook_params": {"notebook_task": {"notebook_path": "/a"}},
}


@pytest.fixture(scope="module")
def jobs(fixtures):
    """A job for each kind of parameters, all of whose runs are skipped."""
    return {kind: fixtures.job(settings(max_concurrent_runs=0, **task)) for kind, task in TASKS.items()}


def parameters(kind, text):
    return {"key": text} if kind == "notebook_params" else [text]


def of_size(kind, size):
    """Parameters whose JSON representation has so many bytes."""
    empty = len(json.dumps({kind: parameters(kind, "")}, separators=(",", ":")))
    return parameters(kind, "x" * (size - empty))


@pytest.mark.rule("C5", "positive")
@pytest.mark.parametrize("kind", TASKS)
def test_ten_thousand_bytes(api, fixtures, jobs, kind):
    given = of_size(kind, LIMIT)
    assert len(json.dumps({kind: given}, separators=(",", ":"))) == LIMIT
    run = fixtures.run_now(jobs[kind], **{kind: given})
    assert fixtures.run(run)["overriding_parameters"] == {kind: given}


@pytest.mark.rule("C5", "negative")
@pytest.mark.parametrize("kind", TASKS)
def test_and_not_one_more(api, jobs, kind):
    with nothing_changes(api):
        message = api.post("jobs/run-now", {"job_id": jobs[kind], kind: of_size(kind, LIMIT + 1)}).refused()
    for part in (kind, "10001", "10000"):
        assert part in message.replace(",", "")


@pytest.mark.rule("C5", "positive")
@pytest.mark.parametrize("kind", TASKS)
def test_all_of_ascii(fixtures, jobs, kind):
    text = "".join(map(chr, range(1, 128)))
    run = fixtures.run_now(jobs[kind], **{kind: parameters(kind, text)})
    assert fixtures.run(run)["overriding_parameters"] == {kind: parameters(kind, text)}


@pytest.mark.rule("C5", "negative")
@pytest.mark.parametrize("kind", ["python_params", "spark_submit_params", "notebook_params"])
@pytest.mark.parametrize("text", ["é", "夜", "🌒", "\u0080"])
def test_nothing_but_ascii(api, jobs, kind, text):
    with nothing_changes(api):
        message = api.post("jobs/run-now", {"job_id": jobs[kind], kind: parameters(kind, text)}).refused()
    assert kind in message and "ASCII" in message


@pytest.mark.rule("C6", "negative")
@pytest.mark.parametrize("option", ["--master", "--deploy-mode", "--executor-cores", "--master=local"])
def test_what_the_service_sets_itself_is_refused_at_run_now_too(api, jobs, option):
    body = {"job_id": jobs["spark_submit_params"], "spark_submit_params": [option, "x", "dbfs:/a.py"]}
    with nothing_changes(api):
        message = api.post("jobs/run-now", body).refused()
    assert "spark_submit_params" in message and option.split("=")[0] in message
