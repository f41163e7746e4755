# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`databricks jobs run-now` with each of its kinds of parameters; the runs are really executed."""

import json
import shutil
import subprocess

import pytest

CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}
ECHO = "import sys\nprint(sys.argv[1:])\n"
MAIN = """
public class Main {
    public static void main(String[] arguments) { System.out.println(String.join("|", arguments)); }
}
"""


@pytest.fixture
def create(cli):
    return lambda **settings: cli.json("jobs", "create", "--json", json.dumps(settings))["job_id"]


@pytest.fixture
def run_now(cli, server):
    """Runs a job, waits until the run has ended, and gives what it printed."""

    def run(job_id, *arguments):
        answer = cli.json("jobs", "run-now", "--job-id", job_id, *arguments)
        run = server.ended(answer["run_id"])
        assert run["state"]["result_state"] == "SUCCESS", run
        assert run["job_id"] == job_id and run["number_in_job"] == answer["number_in_job"]
        return server.get(f"jobs/runs/get-output?run_id={answer['run_id']}").json["logs"]

    return run


def test_python_params_replace_those_of_the_task(create, run_now, program):
    job_id = create(
        existing_cluster_id="default",
        spark_python_task={"python_file": program(ECHO), "parameters": ["of", "the", "task"]})
    assert run_now(job_id) == "['of', 'the', 'task']\n"
    assert run_now(job_id, "--python-params", '["5", "a b", "{{run_id}}x"]').startswith("['5', 'a b', '")
    assert run_now(job_id, "--python-params", "[]") == "[]\n"


def test_jar_params(create, run_now, server, folder, tmp_path):
    if not shutil.which("javac"):
        pytest.skip("no javac: a JAR cannot be made")
    (tmp_path / "Main.java").write_text(MAIN)
    subprocess.run(["javac", "--release", "17", "Main.java"], cwd=tmp_path, check=True)
    subprocess.run(["jar", "cf", "main.jar", "Main.class"], cwd=tmp_path, check=True)
    server.upload(f"{folder}/main.jar", (tmp_path / "main.jar").read_bytes())
    job_id = create(
        new_cluster=CLUSTER, libraries=[{"jar": f"dbfs:{folder}/main.jar"}],
        spark_jar_task={"main_class_name": "Main", "parameters": ["of the task"]})
    assert "john doe|35\n" in run_now(job_id, "--jar-params", '["john doe", "35"]')


def test_spark_submit_params(create, run_now, program):
    file = program(ECHO)
    job_id = create(new_cluster=CLUSTER, spark_submit_task={"parameters": [file, "of the task"]})
    assert "['of the call']\n" in run_now(job_id, "--spark-submit-params", json.dumps([file, "of the call"]))


def test_notebook_params_are_for_notebooks(cli, create, program):
    """They are sent as a map and must fit the task; what a notebook makes of them is a matter of notebooks."""
    python = create(existing_cluster_id="default", spark_python_task={"python_file": program(ECHO)})
    message = cli.fails("jobs", "run-now", "--job-id", python, "--notebook-params", '{"name": "john doe"}')
    assert "INVALID_PARAMETER_VALUE" in message and "notebook_params" in message
    notebook = create(
        existing_cluster_id="default",
        notebook_task={"notebook_path": "/clients/none", "base_parameters": {"age": "1", "name": "x"}})
    run = cli.json("jobs", "run-now", "--job-id", notebook, "--notebook-params", '{"age": "35"}')
    shown = cli.json("runs", "get", "--run-id", run["run_id"])
    assert shown["overriding_parameters"]["notebook_params"] == {"age": "35"}


def test_python_named_params_are_unknown_to_this_version_and_harm_nothing(create, run_now, program):
    job_id = create(existing_cluster_id="default", spark_python_task={"python_file": program(ECHO)})
    assert run_now(job_id, "--python-named-params", '{"name": "john doe"}') == "[]\n"


def test_an_idempotency_token_gives_the_same_run(cli, create, program, server):
    job_id = create(existing_cluster_id="default", spark_python_task={"python_file": program(ECHO)})
    token = f"token of {job_id}"
    runs = [cli.json("jobs", "run-now", "--job-id", job_id, "--idempotency-token", token) for _ in range(2)]
    assert runs[0] == runs[1]
    assert len(server.get(f"jobs/runs/list?job_id={job_id}").json["runs"]) == 1
