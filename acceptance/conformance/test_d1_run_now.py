# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D1: running a job."""

import json

import pytest

from contract.fingerprint import nothing_changes
from contract.jar import echo_jar
from contract.notebooks import import_notebook
from contract.settings import CLUSTER, settings
from contract.fixtures import all_at_once

NOBODY = 9_007_199_254_740_003
KINDS = {"jar_params": ["a"], "python_params": ["a"], "spark_submit_params": ["a"], "notebook_params": {"a": "b"}}


@pytest.fixture(scope="module")
def slow_runs(fixtures):
    """Tasks that take some seconds because they start Java, all begun at once: run ids by what they show."""
    jar = {"libraries": [{"jar": fixtures.put("echo.jar", echo_jar())}]}
    jar_job = fixtures.job(settings(
        spark_jar_task={"main_class_name": "Echo", "parameters": ["of", "the job"]}, max_concurrent_runs=2, **jar))
    submit_job = fixtures.job(settings(spark_submit_task={"parameters": [fixtures.uri("nobody.py")]}))
    spark = b"import pyspark.sql\nprint(pyspark.sql.SparkSession.builder.getOrCreate().range(7).count())\n"
    fixtures.put("count.py", spark)
    return {
        "jar": fixtures.run_now(jar_job),
        "jar_params": fixtures.run_now(jar_job, jar_params=["of", "run-now"]),
        "spark_submit_params": fixtures.run_now(submit_job, spark_submit_params=[fixtures.uri("echo.py"), "1", "2"]),
        "spark": fixtures.submit(fixtures.python("count.py")),
    }


@pytest.mark.rule("D1", "positive")
def test_runs_are_numbered_from_one_in_each_job(api, fixtures):
    (first, first_runs), (second, second_runs) = fixtures.skipping_job(3), fixtures.skipping_job(2)
    for job, runs in ((first, first_runs), (second, second_runs)):
        assert [fixtures.run(run)["number_in_job"] for run in runs] == list(range(1, len(runs) + 1))
    answer = api.post("jobs/run-now", {"job_id": first}).ok()
    assert answer["number_in_job"] == 4
    assert len({*first_runs, *second_runs, answer["run_id"]}) == 6
    # A number is not given again.
    api.post("jobs/runs/delete", {"run_id": answer["run_id"]}).ok()
    assert api.post("jobs/run-now", {"job_id": first}).ok()["number_in_job"] == 5


@pytest.mark.rule("D1", "positive")
def test_numbers_have_no_gaps_and_no_doubles_under_concurrency(api, fixtures):
    job, _ = fixtures.skipping_job()
    answers = [answer.ok() for answer in all_at_once([lambda: api.post("jobs/run-now", {"job_id": job})] * 40)]
    assert sorted(answer["number_in_job"] for answer in answers) == list(range(1, 41))
    assert len({answer["run_id"] for answer in answers}) == 40


@pytest.mark.rule("D1", "positive")
def test_python_params_replace_the_jobs_own(fixtures):
    job = fixtures.job(fixtures.echo("of", "the job", max_concurrent_runs=3))
    runs = {fixtures.run_now(job): ["of", "the job"],
            fixtures.run_now(job, python_params=["of run-now"]): ["of run-now"],
            fixtures.run_now(job, python_params=[]): []}
    for run, arguments in runs.items():
        fixtures.succeeded(run)
        assert json.loads(fixtures.output(run)["logs"]) == arguments


@pytest.mark.rule("D1", "positive")
def test_jar_params_replace_the_jobs_own(fixtures, slow_runs):
    for run, logs in ((slow_runs["jar"], "of|the job"), (slow_runs["jar_params"], "of|run-now")):
        fixtures.succeeded(run)
        assert logs in fixtures.output(run)["logs"]
    assert fixtures.run(slow_runs["jar_params"])["overriding_parameters"] == {"jar_params": ["of", "run-now"]}


@pytest.mark.rule("D1", "positive")
def test_spark_submit_params_replace_the_jobs_own(fixtures, slow_runs):
    fixtures.succeeded(slow_runs["spark_submit_params"])
    assert '["1", "2"]' in fixtures.output(slow_runs["spark_submit_params"])["logs"]


@pytest.mark.rule("D1", "positive")
def test_a_task_finds_spark(fixtures, slow_runs):
    fixtures.succeeded(slow_runs["spark"])
    assert "7" in fixtures.output(slow_runs["spark"])["logs"].split()


@pytest.mark.rule("D1", "positive")
def test_notebook_params_merge_over_base_parameters(api, fixtures):
    path = import_notebook(api, fixtures, "\n".join([
        "import json", 'dbutils.notebook.exit(json.dumps([dbutils.widgets.get(name) for name in "abc"]))']), "merge")
    job = fixtures.job(settings(notebook_task={"notebook_path": path, "base_parameters": {"a": "1", "b": "2"}}))
    run = fixtures.run_now(job, notebook_params={"b": "3", "c": "4"})
    fixtures.succeeded(run)
    assert json.loads(fixtures.output(run)["notebook_output"]["result"]) == ["1", "3", "4"]


@pytest.mark.rule("D1", "positive")
def test_one_run_more_than_allowed_is_skipped(fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name))
    run = fixtures.run_now(job)
    peer = gate.peer(name)
    skipped = fixtures.run(fixtures.run_now(job))
    assert skipped["state"]["life_cycle_state"] == "SKIPPED"
    assert "1" in skipped["state"]["state_message"]
    peer.order(exit=0)
    fixtures.succeeded(run)
    assert gate.waiting(name) == 0


@pytest.mark.rule("D1", "negative")
def test_no_race_makes_one_run_more_than_allowed(api, fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, max_concurrent_runs=2))
    runs = all_at_once([lambda: fixtures.run_now(job)] * 24)
    states = [fixtures.run(run)["state"]["life_cycle_state"] for run in runs]
    assert states.count("SKIPPED") == 22
    for _ in range(2):
        gate.peer(name).order(exit=0)
    for run, state in zip(runs, states):
        if state != "SKIPPED":
            fixtures.succeeded(run)
    assert gate.waiting(name) == 0


@pytest.mark.rule("D1", "negative")
@pytest.mark.parametrize("second", ["jar_params", "notebook_params", "spark_submit_params"])
def test_two_kinds_of_parameters(api, fixtures, second):
    job = fixtures.job(fixtures.echo())
    with nothing_changes(api):
        message = api.post("jobs/run-now", {"job_id": job, "python_params": ["a"], second: KINDS[second]}).refused()
    assert "python_params" in message and second in message


TASKS = {
    "jar_params": {"spark_jar_task": {"main_class_name": "a.B"}},
    "python_params": {"spark_python_task": {"python_file": "dbfs:/a.py"}},
    "spark_submit_params": {"spark_submit_task": {}, "new_cluster": CLUSTER},
    "notebook_params": {"notebook_task": {"notebook_path": "/a"}},
}


@pytest.mark.rule("D1", "negative")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("task", TASKS)
def test_parameters_have_to_fit_the_task(api, fixtures, kind, task):
    job = fixtures.job(settings(max_concurrent_runs=0, **TASKS[task]))
    answer = api.post("jobs/run-now", {"job_id": job, kind: KINDS[kind]})
    if kind == task:
        answer.ok()
    else:
        message = answer.refused()
        assert kind in message and next(iter(TASKS[task])) in message
        assert fixtures.runs(job) == []


@pytest.mark.rule("D1", "negative")
@pytest.mark.parametrize("body, code", [
    ({}, "INVALID_PARAMETER_VALUE"), ({"job_id": NOBODY}, "INVALID_PARAMETER_VALUE"),
    ({"job_id": "x"}, "MALFORMED_REQUEST")])
def test_a_job_is_needed(api, body, code):
    with nothing_changes(api):
        api.post("jobs/run-now", body).refused(code)


@pytest.mark.rule("D1", "negative")
@pytest.mark.parametrize("parameters", [
    {"python_params": {"a": "b"}}, {"python_params": "a"}, {"notebook_params": ["a"]},
    {"python_params": [["a"]]}, {"notebook_params": {"a": []}}], ids=str)
def test_parameters_have_types(api, standing_job, parameters):
    with nothing_changes(api):
        message = api.post("jobs/run-now", {"job_id": standing_job, **parameters}).refused("MALFORMED_REQUEST")
    assert next(iter(parameters)) in message
