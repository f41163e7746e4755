# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""mlflow Projects with `--backend databricks`: mlflow uploads the project to DBFS, submits a run that unpacks it and
calls `mlflow run` there."""

import json
import pathlib
import re
import shutil

import pytest

from mlflow_client import MLflow, tracking_server

HERE = pathlib.Path(__file__).parent
CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}
SPARK_JOB = """
import sys, mlflow.projects
from mlflow.projects.databricks import DatabricksSubmittedRun
DatabricksSubmittedRun.POLL_STATUS_INTERVAL = 0.5
run = mlflow.projects.run(
    sys.argv[1], backend="databricks", backend_config=sys.argv[2], experiment_name=sys.argv[3], synchronous=False)
if sys.argv[4] == "cancel":
    run.cancel()
else:
    print("succeeded:", run.wait(), run.get_status())
"""


@pytest.fixture(scope="module")
def mlflow(front, runtime, tmp_path_factory):
    if not shutil.which("rsync"):
        pytest.skip("no rsync on this machine: the command that mlflow submits calls it")
    programs = runtime / "tests" / "mlflow" / "bin"
    with tracking_server(programs, tmp_path_factory.mktemp("tracking")) as url:
        yield MLflow(programs, front, url)


@pytest.fixture
def cluster(tmp_path):
    path = tmp_path / "cluster.json"
    path.write_text(json.dumps(CLUSTER))
    return path


def test_mlflow_run(mlflow, server, folder, cluster):
    """The whole way: what `python` of the project logs and writes is proof that it ran, with mlflow as a library."""
    server.upload(f"{folder}/text.txt", "lamp light lamp")
    done = mlflow.process(
        "mlflow", "run", HERE / "mlflow_project", "--backend", "databricks", "--backend-config", cluster,
        "--env-manager", "local", "--experiment-name", "counting", "-P", f"text=/dbfs{folder}/text.txt",
        "-P", f"counts=/dbfs{folder}/counts.json", "-P", "times=3")
    assert done.returncode == 0, done.stderr
    launched = int(re.search(r"Databricks job run with ID (\d+)", done.stderr)[1])  # it does not wait for the run
    run = server.ended(launched, timeout=900)
    assert run["state"]["result_state"] == "SUCCESS", server_logs(server, done.stderr)
    assert run["run_name"].startswith("MLflow Run for ")
    assert json.loads((server.data / "dbfs" / folder.strip("/") / "counts.json").read_text()) == {"lamp": 6, "light": 3}
    (tracked,) = mlflow.runs("counting")
    assert tracked["info"]["status"] == "FINISHED"
    assert {metric["key"]: metric["value"] for metric in tracked["data"]["metrics"]} == {"words": 9}
    assert {"key": "first", "value": "lamp"} in tracked["data"]["params"]
    tags = {tag["key"]: tag["value"] for tag in tracked["data"]["tags"]}
    assert tags["mlflow.databricks.shellJobRunID"] == str(launched)
    assert tags["mlflow.databricks.runURL"] == run["run_page_url"]


@pytest.mark.parametrize("sdk", ["true", "false"], ids=["by the SDK", "by plain requests"])
def test_a_spark_job_project(mlflow, server, cluster, sdk):
    """mlflow has two ways to speak to a server; here the library mlflow is not needed, so both are quick."""
    experiment = f"spark-{sdk}"
    arguments = ("python", "-c", SPARK_JOB, HERE / "mlflow_spark_job", cluster, experiment)
    done = mlflow.process(*arguments, "wait", MLFLOW_ENABLE_DB_SDK=sdk)
    assert "succeeded: True FINISHED" in done.stdout, done.stdout + done.stderr + server_logs(server, done.stderr)
    run_id = re.search(r"Databricks job run with ID (\d+)", done.stderr)[1]
    logs = server.get(f"jobs/runs/get-output?run_id={run_id}").json["logs"]
    assert "project files: ['MLproject', 'job.py']" in logs
    assert f"arguments: ['a b', '{run_id}']" in logs
    assert re.search(r"experiment: \d+ sum: 55", logs)
    again = mlflow.process(*arguments, "cancel", MLFLOW_ENABLE_DB_SDK=sdk)
    assert again.returncode == 0 and "Project already exists in DBFS" in again.stderr, again.stderr
    run_id = re.search(r"Databricks job run with ID (\d+)", again.stderr)[1]
    assert server.get(f"jobs/runs/get?run_id={run_id}").json["state"]["result_state"] == "CANCELED"


def server_logs(server, text):
    """What a run of the server printed, for a test that failed."""
    found = re.search(r"Databricks job run with ID (\d+)", text)
    return server.get(f"jobs/runs/get-output?run_id={found[1]}").text[-3000:] if found else ""
