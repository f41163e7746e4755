# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D2: running something once."""

import json

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings


@pytest.mark.rule("D2", "positive")
def test_a_submitted_run_is_a_run_without_a_job_in_the_list(api, fixtures):
    jobs = api.get("jobs/list").ok()
    run = fixtures.submit(fixtures.echo("a", "b"), run_name="once", timeout_seconds=600)
    found = fixtures.succeeded(run)
    assert json.loads(fixtures.output(run)["logs"]) == ["a", "b"]
    assert found["run_type"] == "SUBMIT_RUN"
    assert found["run_name"] == "once"
    assert found["number_in_job"] == 1
    assert found["job_id"] > 0
    assert api.get("jobs/list").ok() == jobs
    listed = api.get("jobs/runs/list", run_type="SUBMIT_RUN", limit=1).ok()["runs"]
    assert [each["run_id"] for each in listed] == [run]


@pytest.mark.rule("D2", "positive")
def test_two_that_are_alike_are_two(fixtures):
    first, second = fixtures.submit(fixtures.echo()), fixtures.submit(fixtures.echo())
    assert first != second
    assert fixtures.succeeded(first)["job_id"] != fixtures.succeeded(second)["job_id"]


@pytest.mark.rule("D2", "positive")
def test_its_timeout_holds(fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name, timeout_seconds=2))
    gate.peer(name).ends()
    state = fixtures.ended(run)["state"]
    assert state["result_state"] == "TIMEDOUT" and state["user_cancelled_or_timedout"] is True


@pytest.mark.rule("D2", "negative")
@pytest.mark.parametrize("change, part", [
    ({"timeout_seconds": -1}, "timeout_seconds"), ({"new_cluster": {"num_workers": -1}}, "new_cluster.num_workers"),
    ({"libraries": [{}]}, "libraries[0]"), ({"run_name": "x" * 4097}, "run_name"),
    ({"idempotency_token": "x" * 65}, "idempotency_token")], ids=lambda value: str(value)[:40])
def test_what_is_not_valid_is_not_run(api, change, part):
    with nothing_changes(api):
        message = api.post("jobs/runs/submit", settings(**change)).refused()
    assert part in message


@pytest.mark.rule("D2", "positive")
@pytest.mark.parametrize("member", [
    {"name": "a job's"}, {"schedule": {"quartz_cron_expression": "0 0 3 * * ?", "timezone_id": "UTC"}},
    {"max_concurrent_runs": 3}, {"max_concurrent_runs": 5000}, {"schedule": {}}], ids=lambda member: next(iter(member)))
def test_what_only_jobs_have_is_named_in_a_warning(api, fixtures, member):
    answer = api.post("jobs/runs/submit", {**fixtures.echo(), **member})
    fixtures.succeeded(answer.ok()["run_id"])
    assert next(iter(member)) in answer.headers["lamplighter-warning"]


@pytest.mark.rule("D2", "negative")
def test_a_run_that_cannot_start_says_why(fixtures):
    """What only turns out when the run starts is not the request's error but the run's."""
    run = fixtures.submit(fixtures.python("nobody.py"))
    state = fixtures.ended(run)["state"]
    assert (state["life_cycle_state"], state.get("result_state")) != ("TERMINATED", "SUCCESS")
    assert "nobody.py" in state["state_message"]
