# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B4: changing some settings."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import CLUSTER, contains, merged, settings


def updated(api, fixtures, before, **update):
    job = fixtures.job(before)
    api.post("jobs/update", {"job_id": job, **update}).ok()
    return api.get("jobs/get", job_id=job).ok()["settings"]


@pytest.mark.rule("B4", "positive")
def test_the_specifications_example(api, fixtures):
    """It moves a job to an existing cluster, which takes the new one away, and removes the libraries."""
    mails = {"on_start": ["someone@example.com"], "on_success": [], "on_failure": []}
    after = updated(api, fixtures, settings(libraries=[{"jar": "dbfs:/a.jar"}], max_retries=1), new_settings={
        "existing_cluster_id": "1201-my-cluster", "email_notifications": mails}, fields_to_remove=["libraries"])
    assert after["existing_cluster_id"] == "1201-my-cluster"
    assert "new_cluster" not in after and not after.get("libraries")
    assert contains(after["email_notifications"], mails)
    assert after["max_retries"] == 1 and after["name"] == "conformance"


@pytest.mark.rule("B4", "positive")
def test_a_member_is_replaced_whole(api, fixtures):
    before = settings(libraries=[{"jar": "dbfs:/a.jar"}, {"jar": "dbfs:/b.jar"}])
    before = merged(before, {"new_cluster": {"spark_conf": {"a": "b"}}})
    after = updated(api, fixtures, before, new_settings={"libraries": [{"jar": "dbfs:/c.jar"}], "new_cluster": CLUSTER})
    assert after["libraries"] == [{"jar": "dbfs:/c.jar"}]
    assert "spark_conf" not in after["new_cluster"]


@pytest.mark.rule("B4", "positive")
def test_another_task_takes_the_place_of_the_first(api, fixtures):
    after = updated(api, fixtures, settings(), new_settings={"notebook_task": {"notebook_path": "/a"}})
    assert after["notebook_task"]["notebook_path"] == "/a"
    assert "spark_python_task" not in after


@pytest.mark.rule("B4", "positive")
def test_removals_come_first(api, fixtures):
    after = updated(api, fixtures, settings(max_retries=1, timeout_seconds=5), new_settings={"timeout_seconds": 7},
                    fields_to_remove=["timeout_seconds", "max_retries"])
    assert after["timeout_seconds"] == 7
    assert "max_retries" not in after


@pytest.mark.rule("B4", "positive")
@pytest.mark.parametrize("field, value, default", [
    ("name", "x", "Untitled"), ("timeout_seconds", 5, 0), ("max_concurrent_runs", 5, 1),
    ("email_notifications", {"on_start": ["a@example.com"]}, {}), ("max_retries", 5, None),
    ("min_retry_interval_millis", 5, None), ("retry_on_timeout", True, None),
    ("notification_settings", {"alert_on_last_attempt": True}, None),
    ("schedule", {"quartz_cron_expression": "0 0 3 * * ?", "timezone_id": "UTC"}, None)])
def test_what_is_removed_falls_back_to_its_default(api, fixtures, field, value, default):
    after = updated(api, fixtures, settings(**{field: value}), fields_to_remove=[field])
    assert after.get(field) == default


@pytest.mark.rule("B4", "positive")
def test_a_timeout_reaches_active_runs(api, fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name))
    run = fixtures.run_now(job)
    peer = gate.peer(name)
    api.post("jobs/update", {"job_id": job, "new_settings": {"timeout_seconds": 1}}).ok()
    peer.ends()
    assert fixtures.ended(run)["state"]["result_state"] == "TIMEDOUT"


@pytest.mark.rule("B4", "negative")
@pytest.mark.parametrize("update, parts", [
    ({}, ["new_settings", "fields_to_remove"]),
    ({"fields_to_remove": ["nothing_of_the_kind"]}, ["fields_to_remove", "nothing_of_the_kind"]),
    ({"fields_to_remove": ["new_cluster.num_workers"]}, ["fields_to_remove", "new_cluster.num_workers"]),
    ({"fields_to_remove": ["tasks/nobody"]}, ["tasks/nobody"]),
    ({"fields_to_remove": ["job_clusters/nobody"]}, ["job_clusters/nobody"]),
    ({"fields_to_remove": ["new_cluster"]}, ["new_cluster", "existing_cluster_id"]),
    ({"fields_to_remove": ["spark_python_task"]}, ["spark_python_task"]),
    ({"fields_to_remove": ["max_retries", "new_cluster"]}, ["new_cluster"]),
    ({"fields_to_remove": ["name"], "new_settings": {"timeout_seconds": -1}}, ["new_settings.timeout_seconds", "-1"]),
    ({"new_settings": {"new_cluster": {"num_workers": 1}}}, ["new_settings.new_cluster.spark_version"]),
    ({"new_settings": {"new_cluster": CLUSTER, "existing_cluster_id": "x"}}, ["new_cluster", "existing_cluster_id"]),
    ({"new_settings": {"spark_submit_task": {"parameters": []}, "existing_cluster_id": "x"}}, ["cluster"]),
], ids=str)
def test_the_whole_result_has_to_be_valid(api, standing_job, update, parts):
    with nothing_changes(api):
        message = api.post("jobs/update", {"job_id": standing_job, **update}).refused()
    for part in parts:
        assert part in message


@pytest.mark.rule("B4", "negative")
def test_a_rule_between_old_and_new_members_holds(api, fixtures):
    """spark_conf of the stored cluster and a task that does not go with it."""
    before = merged(settings(), {"new_cluster": {"spark_conf": {"a": "b"}}})
    job = fixtures.job(before)
    with nothing_changes(api):
        message = api.post("jobs/update", {"job_id": job, "new_settings": {"spark_submit_task": {}}}).refused()
    assert "spark_conf" in message


@pytest.mark.rule("B4", "negative")
@pytest.mark.parametrize("update", [
    {"new_settings": "x"}, {"fields_to_remove": "libraries"}, {"fields_to_remove": [[]]}])
def test_its_own_members_have_types(api, standing_job, update):
    with nothing_changes(api):
        message = api.post("jobs/update", {"job_id": standing_job, **update}).refused("MALFORMED_REQUEST")
    assert next(iter(update)) in message
