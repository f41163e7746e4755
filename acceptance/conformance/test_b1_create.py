# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B1: what makes a job."""

import itertools

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import CLUSTER, REMOVE, TASKS, contains, settings

TASK_BODIES = {
    "notebook_task": {"notebook_path": "/Users/a@example.com/nightly"},
    "spark_jar_task": {"main_class_name": "com.example.Main"},
    "spark_python_task": {"python_file": "dbfs:/a.py"},
    "spark_submit_task": {"parameters": ["--class", "com.example.Main", "dbfs:/a.jar"]},
    "pipeline_task": {"pipeline_id": "nobody"},
    "run_job_task": {"job_id": 1},
}

# The specification's own example, without the destinations, which no fresh server has.
EXAMPLE = {
    "name": "Nightly model training",
    "new_cluster": {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge",
                    "aws_attributes": {"availability": "ON_DEMAND"}, "num_workers": 10},
    "libraries": [{"jar": "dbfs:/my-jar.jar"}, {"maven": {"coordinates": "org.jsoup:jsoup:1.7.2"}}],
    "email_notifications": {"on_start": [], "on_success": [], "on_failure": []},
    "notification_settings": {"no_alert_for_skipped_runs": False, "no_alert_for_canceled_runs": False,
                              "alert_on_last_attempt": False},
    "timeout_seconds": 3600,
    "max_retries": 1,
    "schedule": {"quartz_cron_expression": "0 15 22 * * ?", "timezone_id": "America/Los_Angeles"},
    "spark_jar_task": {"main_class_name": "com.databricks.ComputeModels"},
}


@pytest.mark.rule("B1", "positive")
def test_the_specifications_example_is_kept_as_it_is(api, fixtures):
    stored = api.get("jobs/get", job_id=fixtures.job(EXAMPLE)).ok()["settings"]
    assert contains(stored, EXAMPLE)
    assert stored["schedule"]["pause_status"] == "UNPAUSED"


@pytest.mark.rule("B1", "positive")
def test_its_webhooks_are_kept_too(api, fixtures, destination):
    webhooks = {"on_start": [{"id": destination}], "on_success": [{"id": destination}], "on_failure": []}
    job = fixtures.job({**EXAMPLE, "webhook_notifications": webhooks})
    assert contains(api.get("jobs/get", job_id=job).ok()["settings"]["webhook_notifications"], webhooks)
    api.post("jobs/delete", {"job_id": job}).ok()


@pytest.mark.rule("B1", "positive")
@pytest.mark.parametrize("kind, cluster", [
    *((kind, cluster) for kind in ("notebook_task", "spark_jar_task", "spark_python_task")
      for cluster in ("new_cluster", "existing_cluster_id")), ("spark_submit_task", "new_cluster")])
def test_each_kind_of_task_makes_a_job(api, fixtures, kind, cluster):
    given = {kind: TASK_BODIES[kind], cluster: CLUSTER if cluster == "new_cluster" else "1201-my-cluster"}
    stored = api.get("jobs/get", job_id=fixtures.job(given)).ok()["settings"]
    assert contains(stored, given)
    assert not {"new_cluster", "existing_cluster_id", *TASKS} & set(stored) - set(given)


@pytest.mark.rule("B1", "positive")
def test_a_job_that_runs_a_job_needs_no_cluster(api, fixtures):
    target = fixtures.job(settings())
    given = {"run_job_task": {"job_id": target}}
    assert contains(api.get("jobs/get", job_id=fixtures.job(given)).ok()["settings"], given)


@pytest.mark.rule("B1", "positive")
def test_defaults_are_echoed(api, fixtures):
    job = fixtures.job(settings(name=REMOVE))
    defaults = {"name": "Untitled", "max_concurrent_runs": 1, "timeout_seconds": 0, "email_notifications": {},
                "format": "SINGLE_TASK"}
    listed = next(found for found in api.get("jobs/list").ok()["jobs"] if found["job_id"] == job)
    for stored in (api.get("jobs/get", job_id=job).ok()["settings"], listed["settings"]):
        assert {name: stored[name] for name in defaults} == defaults


@pytest.mark.rule("B1", "positive")
def test_two_jobs_may_be_alike(fixtures):
    assert fixtures.job(settings()) != fixtures.job(settings())


@pytest.mark.rule("B1", "negative")
@pytest.mark.parametrize("change, parts", [
    ({"new_cluster": REMOVE}, ["new_cluster", "existing_cluster_id"]),
    ({"existing_cluster_id": "1201-my-cluster"}, ["new_cluster", "existing_cluster_id"]),
    ({"spark_python_task": REMOVE}, list(TASKS)),
], ids=["no cluster", "two clusters", "no task"])
def test_one_cluster_and_one_task(api, change, parts):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**change)).refused()
        submitted = api.post("jobs/runs/submit", settings(**change)).refused()
    for part in parts:
        assert part in message and part in submitted


@pytest.mark.rule("B1", "negative")
@pytest.mark.parametrize("kinds", list(itertools.combinations(TASKS, 2)), ids=" ".join)
def test_no_two_tasks(api, kinds):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**{kind: TASK_BODIES[kind] for kind in kinds})).refused()
    for kind in kinds:
        assert kind in message


@pytest.mark.rule("B1", "negative")
@pytest.mark.parametrize("kind, member", [
    ("notebook_task", "notebook_path"), ("spark_jar_task", "main_class_name"), ("spark_python_task", "python_file"),
    ("pipeline_task", "pipeline_id"), ("run_job_task", "job_id")])
def test_what_a_task_cannot_do_without_is_named(api, kind, member):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**{kind: {}})).refused()
    assert f"{kind}.{member}" in message


@pytest.mark.rule("B1", "negative")
def test_an_empty_cluster_is_not_no_cluster(api):
    message = api.post("jobs/create", {**settings(), "new_cluster": {}}).refused()
    assert "new_cluster.spark_version" in message and "num_workers" in message


@pytest.mark.rule("B1", "negative")
@pytest.mark.parametrize("format", ["MULTI_TASK", "single_task", "JUNK"])
def test_there_is_one_format(api, format):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(format=format)).refused()
    assert "format" in message and format in message and "SINGLE_TASK" in message
