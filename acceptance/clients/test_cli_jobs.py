# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`databricks jobs`: every command but run-now's parameters, which have a file of their own."""

import json

import pytest

CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}


@pytest.fixture
def job(cli, program):
    """Makes a job of a Python program by the command line and gives its id."""

    def create(source="print('hello')", **settings):
        task = {"spark_python_task": {"python_file": program(source)}, "existing_cluster_id": "default"}
        if "new_cluster" in settings:
            del task["existing_cluster_id"]
        return cli.json("jobs", "create", "--json", json.dumps({**task, **settings}))["job_id"]

    return create


def test_create_from_a_file_and_get_the_settings_back(cli, server, program, tmp_path):
    settings = {
        "name": "Nightly model training", "new_cluster": CLUSTER, "timeout_seconds": 3600, "max_retries": 1,
        "spark_python_task": {"python_file": program("print(1)"), "parameters": ["a", "b c"]},
        "libraries": [{"pypi": {"package": "simplejson==3.8.0"}}, {"jar": "dbfs:/my-jar.jar"}],
        "schedule": {"quartz_cron_expression": "0 15 22 * * ?", "timezone_id": "America/Los_Angeles"},
        "email_notifications": {"on_failure": ["someone@example.com"]},
    }
    (tmp_path / "job.json").write_text(json.dumps(settings))
    job_id = cli.json("jobs", "create", "--json-file", "job.json")["job_id"]
    shown = cli.json("jobs", "get", "--job-id", job_id)
    assert shown == server.get(f"jobs/get?job_id={job_id}").json
    assert shown["job_id"] == job_id and shown["creator_user_name"] == "admin"
    for name in ("name", "timeout_seconds", "max_retries", "spark_python_task", "libraries"):
        assert shown["settings"][name] == settings[name]
    assert shown["settings"]["schedule"]["pause_status"] == "UNPAUSED"
    assert shown["settings"]["new_cluster"].items() >= CLUSTER.items()


def test_list_as_a_table_and_as_json(cli, job):
    named, unnamed = job(name="Zebra of the list"), job()
    rows = [line.split(maxsplit=1) for line in cli.run("jobs", "list").splitlines()]
    assert [str(named), "Zebra of the list"] in rows and [str(unnamed), "Untitled"] in rows
    listed = {job["job_id"]: job for job in cli.json("jobs", "list", "--output", "JSON")["jobs"]}
    assert listed[named] == cli.json("jobs", "get", "--job-id", named)
    assert listed[unnamed]["settings"]["name"] == "Untitled"
    assert str(named) in cli.run("jobs", "list", "--type", "NORMAL")


def test_reset_replaces_all_settings(cli, job, program, tmp_path):
    job_id = job(name="before", max_retries=3)
    settings = {"name": "after", "new_cluster": CLUSTER, "spark_python_task": {"python_file": program("print(2)")}}
    cli.run("jobs", "reset", "--job-id", job_id, "--json", json.dumps(settings))
    shown = cli.json("jobs", "get", "--job-id", job_id)["settings"]
    assert shown["name"] == "after" and "max_retries" not in shown and "existing_cluster_id" not in shown
    request = {"job_id": job_id, "new_settings": {**settings, "name": "by the request's own form"}}
    (tmp_path / "reset.json").write_text(json.dumps(request))
    cli.run("jobs", "reset", "--json-file", "reset.json")
    assert cli.json("jobs", "get", "--job-id", job_id)["settings"]["name"] == "by the request's own form"


def test_delete(cli, job, server):
    job_id = job()
    cli.run("jobs", "delete", "--job-id", job_id)
    assert f"Job {job_id} does not exist." in cli.fails("jobs", "get", "--job-id", job_id)
    cli.run("jobs", "delete", "--job-id", job_id)  # a job that was removed: nothing to do
    assert job_id not in [job["job_id"] for job in server.get("jobs/list").json.get("jobs", [])]


def test_what_is_wrong_is_said(cli, program):
    message = cli.fails("jobs", "create", "--json", json.dumps({"name": "no task", "new_cluster": CLUSTER}))
    assert "INVALID_PARAMETER_VALUE" in message
    settings = json.dumps({"new_cluster": CLUSTER, "spark_python_task": {"python_file": program("")}})
    for command in (("get",), ("delete",), ("run-now",), ("reset", "--json", settings)):
        message = cli.fails("jobs", command[0], "--job-id", "987654321", *command[1:])
        assert "Job 987654321 does not exist." in message, command


def test_configure_keeps_the_version_of_the_api(cli):
    cli.run("jobs", "configure", "--version=2.0")
    assert "jobs-api-version = 2.0" in cli.config.read_text()
    done = cli.process("jobs", "list")
    assert done.returncode == 0, done.stderr
