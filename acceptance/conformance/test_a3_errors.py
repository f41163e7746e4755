# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A3: what errors look like, and that no input, however bad, is the server's fault or changes anything."""

import itertools
import re

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings

NOBODY = 9_007_199_254_740_000
ENDPOINTS = {
    "POST": ["jobs/create", "jobs/reset", "jobs/update", "jobs/delete", "jobs/run-now", "jobs/runs/submit",
             "jobs/runs/cancel", "jobs/runs/cancel-all", "jobs/runs/delete"],
    "GET": ["jobs/get", "jobs/runs/list", "jobs/runs/get", "jobs/runs/get-output", "jobs/runs/export"],
}


@pytest.mark.rule("A3", "positive")
@pytest.mark.parametrize("method, path, body", [
    ("GET", "jobs/get", {"job_id": NOBODY}),
    ("POST", "jobs/run-now", {"job_id": NOBODY}),
    ("POST", "jobs/reset", {"job_id": NOBODY, "new_settings": settings()}),
    ("POST", "jobs/update", {"job_id": NOBODY, "new_settings": {"name": "x"}}),
    ("POST", "jobs/delete", {"job_id": NOBODY}),
    ("POST", "jobs/runs/cancel-all", {"job_id": NOBODY}),
])
def test_an_unknown_job_has_the_words_that_clients_look_for(api, method, path, body):
    message = api.request(method, f"/api/2.0/{path}", body).refused("INVALID_PARAMETER_VALUE", 400)
    assert message == f"Job {NOBODY} does not exist."


@pytest.mark.rule("A3", "positive")
@pytest.mark.parametrize("method, path", [
    ("GET", "jobs/runs/get"), ("GET", "jobs/runs/get-output"), ("GET", "jobs/runs/export"),
    ("POST", "jobs/runs/cancel"), ("POST", "jobs/runs/delete")])
def test_an_unknown_run_has_the_words_that_clients_look_for(api, method, path):
    message = api.request(method, f"/api/2.0/{path}", {"run_id": NOBODY}).refused("INVALID_PARAMETER_VALUE", 400)
    assert message == f"Run {NOBODY} does not exist."


@pytest.mark.rule("A3", "positive")
def test_other_apis_answer_404_for_what_is_not_there(api):
    api.get("dbfs/get-status", path="/conformance/nothing/there").refused("RESOURCE_DOES_NOT_EXIST", 404)


@pytest.mark.rule("A3", "positive")
def test_what_is_there_already_is_said_to_be(api, fixtures):
    body = {"path": f"{fixtures.directory}/echo.py", "contents": ""}
    api.post("dbfs/put", body).refused("RESOURCE_ALREADY_EXISTS", 400)


@pytest.mark.rule("A3", "positive")
def test_a_message_says_what_was_given_and_what_is_allowed(api):
    message = api.post("jobs/create", settings(max_concurrent_runs=1001)).refused()
    for part in ("max_concurrent_runs", "1001", "1000"):
        assert part in message


@pytest.mark.rule("A3", "negative")
def test_all_faults_are_told_at_once(api):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(
            timeout_seconds=-1, max_concurrent_runs=1001, max_retries=-2,
            new_cluster={"spark_version": "x", "node_type_id": "y", "autoscale": {"min_workers": 2, "max_workers": 2}},
            libraries=[{}, {"maven": {}}], email_notifications={"on_start": ["nobody"]})).refused()
    for path in ("timeout_seconds", "max_concurrent_runs", "max_retries", "new_cluster", "libraries[0]",
                 "email_notifications.on_start[0]"):
        assert path in message
    # Sentences, of which each has an end.
    for fault in re.split("Invalid value|Missing required field", message)[1:-1]:
        assert fault.endswith(". "), message


@pytest.mark.rule("A3", "negative")
def test_faults_of_types_and_of_values_are_told_at_once(api):
    message = api.post("jobs/create", settings(timeout_seconds="soon", max_concurrent_runs=-1)).refused(
        "MALFORMED_REQUEST")
    assert "timeout_seconds" in message and "max_concurrent_runs" in message


NASTY = [
    None, True, -1, 0, 2**31, 2**63 - 1, -(2**63), 10**400, 1e308, 1.5, "", "\x00", "\ud83d\ude00" * 100,
    "'; DROP TABLE jobs; --",
    "%s%n%x", "../../etc/passwd", "x" * 70_000, [], [[]], [None], {}, {"": ""}, {"a": {"b": {"c": []}}},
]
MEMBERS = ["job_id", "run_id", "name", "new_settings", "fields_to_remove", "new_cluster", "existing_cluster_id",
           "spark_python_task", "libraries", "schedule", "offset", "limit", "run_type", "idempotency_token",
           "python_params", "notebook_params", "timeout_seconds", "email_notifications", "webhook_notifications",
           "views_to_export", "active_only"]


@pytest.mark.rule("A3", "negative")
@pytest.mark.parametrize("method, path", [(method, path) for method, paths in ENDPOINTS.items() for path in paths])
def test_no_value_of_any_member_is_the_servers_fault(api, method, path):
    """Each nasty value in each member: an answer below 500, in JSON, and an error where something is missing."""
    with nothing_changes(api):
        for member, value in itertools.product(MEMBERS, NASTY):
            answer = api.request(method, f"/api/2.0/{path}", {member: value})
            assert answer.status < 500, repr(answer)
            assert isinstance(answer.json, dict), repr(answer)
            if answer.status != 200:
                assert set(answer.json) == {"error_code", "message"}, repr(answer)
