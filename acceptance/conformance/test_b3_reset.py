# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B3: replacing settings, and what of it reaches runs that are active."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import CLUSTER, merged, settings


@pytest.mark.rule("B3", "positive")
def test_all_settings_are_replaced(api, fixtures):
    job = fixtures.job(settings(timeout_seconds=10, max_retries=3, libraries=[{"jar": "dbfs:/a.jar"}],
                                schedule={"quartz_cron_expression": "0 0 3 * * ?", "timezone_id": "UTC"}))
    before = api.get("jobs/get", job_id=job).ok()
    new = {"existing_cluster_id": "1201-my-cluster", "notebook_task": {"notebook_path": "/a"}}
    api.post("jobs/reset", {"job_id": job, "new_settings": new}).ok()
    after = api.get("jobs/get", job_id=job).ok()
    assert after["settings"] == {
        **new, "name": "Untitled", "email_notifications": {}, "timeout_seconds": 0, "max_concurrent_runs": 1,
        "format": "SINGLE_TASK"}
    assert {**after, "settings": 0} == {**before, "settings": 0}


@pytest.mark.rule("B3", "positive")
def test_what_get_answers_can_be_sent_back(api, fixtures):
    job = fixtures.job(settings(max_retries=2, health={"rules": [
        {"metric": "RUN_DURATION_SECONDS", "operator": "GREATER_THAN", "value": 5}]}))
    stored = api.get("jobs/get", job_id=job).ok()["settings"]
    api.post("jobs/reset", {"job_id": job, "new_settings": stored}).ok()
    assert api.get("jobs/get", job_id=job).ok()["settings"] == stored


@pytest.mark.rule("B3", "positive")
def test_a_new_timeout_reaches_an_active_run_and_nothing_else_does(api, fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, timeout_seconds=3600))
    run = fixtures.run_now(job)
    peer = gate.peer(name)
    before = fixtures.run(run)
    new = fixtures.echo("new", timeout_seconds=3600, new_cluster=merged(CLUSTER, {"spark_version": "9.9.x-scala2.13"}))
    api.post("jobs/reset", {"job_id": job, "new_settings": new}).ok()
    during = fixtures.run(run)
    assert during["cluster_spec"] == before["cluster_spec"]
    assert during["task"] == before["task"]
    assert peer.lives()
    api.post("jobs/reset", {"job_id": job, "new_settings": {**new, "timeout_seconds": 1}}).ok()
    peer.ends()
    ended = fixtures.ended(run)
    assert ended["state"]["result_state"] == "TIMEDOUT"
    assert ended["state"]["user_cancelled_or_timedout"] is True
    assert ended["cluster_spec"] == before["cluster_spec"]
    api.post("jobs/update", {"job_id": job, "new_settings": {"timeout_seconds": 0}}).ok()
    later = fixtures.succeeded(fixtures.run_now(job))
    assert later["cluster_spec"]["new_cluster"]["spark_version"] == "9.9.x-scala2.13"
    assert later["task"]["spark_python_task"]["parameters"] == ["new"]


@pytest.mark.rule("B3", "negative")
@pytest.mark.parametrize("body, parts", [
    ({}, ["new_settings"]),
    ({"new_settings": {}}, ["spark_python_task", "run_job_task"]),
    ({"new_settings": {"spark_python_task": {"python_file": "dbfs:/a.py"}}}, ["new_cluster", "existing_cluster_id"]),
    ({"new_settings": settings(timeout_seconds=-1)}, ["new_settings.timeout_seconds", "-1"]),
    ({"new_settings": settings(new_cluster={"num_workers": -1})}, ["new_settings.new_cluster.num_workers", "-1"]),
])
def test_settings_are_required_and_validated(api, standing_job, body, parts):
    with nothing_changes(api):
        message = api.post("jobs/reset", {"job_id": standing_job, **body}).refused()
    for part in parts:
        assert part in message


@pytest.mark.rule("B3", "negative")
def test_a_job_is_required(api):
    assert "job_id" in api.post("jobs/reset", {"new_settings": settings()}).refused()
