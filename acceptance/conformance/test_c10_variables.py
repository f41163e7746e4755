# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C10: context variables."""

import datetime
import json

import pytest

from contract.notebooks import import_notebook
from contract.settings import settings

VARIABLES = ["job_id", "run_id", "start_date", "start_time", "task_retry_count", "parent_run_id", "task_key"]


def arguments(fixtures, run):
    fixtures.succeeded(run)
    return json.loads(fixtures.output(run)["logs"])


@pytest.mark.rule("C10", "positive")
def test_they_are_substituted_when_the_run_starts(fixtures):
    job = fixtures.job(fixtures.echo(*(f"{{{{{name}}}}}" for name in VARIABLES)))
    run = fixtures.run_now(job)
    values = dict(zip(VARIABLES, arguments(fixtures, run)))
    found = fixtures.run(run)
    assert values["job_id"] == str(job)
    assert values["run_id"] == str(run)
    assert values["task_retry_count"] == "0"
    assert int(values["parent_run_id"]) > 0
    assert values["task_key"] and "{" not in values["task_key"]
    start = int(values["start_time"])
    # When the task starts executing: not before the run, not after its end.
    assert found["start_time"] <= start <= found["end_time"]
    day = datetime.datetime.fromtimestamp(start / 1000, datetime.UTC).strftime("%Y-%m-%d")
    assert values["start_date"] == day
    # The stored settings keep the variables.
    assert found["task"]["spark_python_task"]["parameters"][0] == "{{job_id}}"


@pytest.mark.rule("C10", "positive")
def test_within_text_and_in_parameters_of_run_now(fixtures):
    job = fixtures.job(fixtures.echo())
    given = ["--out=dbfs:/{{job_id}}/{{run_id}}.txt", "{{{job_id}}}", "{{job_id}}{{job_id}}"]
    run = fixtures.run_now(job, python_params=given)
    assert arguments(fixtures, run) == [f"--out=dbfs:/{job}/{run}.txt", f"{{{job}}}", f"{job}{job}"]


@pytest.mark.rule("C10", "positive")
def test_a_retry_counts(fixtures):
    job = fixtures.job(fixtures.python("fails_first.py", "{{task_retry_count}}", max_retries=1))
    fixtures.put("fails_first.py", b"import sys\nprint(sys.argv[1])\nsys.exit(int(sys.argv[1]) == 0)\n")
    first = fixtures.run_now(job)
    fixtures.ended(first)
    second = next(run["run_id"] for run in fixtures.runs(job) if run["attempt_number"] == 1)
    fixtures.succeeded(second)
    assert fixtures.output(first)["logs"].strip() == "0"
    assert fixtures.output(second)["logs"].strip() == "1"


@pytest.mark.rule("C10", "negative")
def test_anything_else_stays_as_it_is(fixtures):
    literal = ["{{nobody}}", "{{ job_id }}", "{{JOB_ID}}", "{{job_id", "{job_id}", "job_id}}", "{{}}", "{{{{",
               "{{job-id}}",
               "{{secrets/scope/key}}"]
    assert arguments(fixtures, fixtures.submit(fixtures.echo(*literal))) == literal


@pytest.mark.rule("C10", "negative")
def test_braces_around_a_variable_stay(fixtures):
    run = fixtures.submit(fixtures.echo("{{{{run_id}}}}"))
    assert arguments(fixtures, run) == [f"{{{{{run}}}}}"]


@pytest.mark.rule("C10", "positive")
def test_in_base_parameters(api, fixtures):
    path = import_notebook(api, fixtures, 'dbutils.notebook.exit(dbutils.widgets.get("run"))')
    run = fixtures.submit(settings(notebook_task={"notebook_path": path, "base_parameters": {"run": "{{run_id}}"}}))
    fixtures.succeeded(run)
    assert fixtures.output(run)["notebook_output"]["result"] == str(run)
