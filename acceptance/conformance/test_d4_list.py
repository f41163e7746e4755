# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D4: listing runs."""

import pytest

COUNT = 25


@pytest.fixture(scope="module")
def many(fixtures):
    """A job with many runs, all skipped, and their ids, newest first."""
    job, runs = fixtures.skipping_job(COUNT)
    return job, runs[::-1]


def page(api, **query):
    answer = api.get("jobs/runs/list", **query).ok()
    return [run["run_id"] for run in answer.get("runs", [])], answer["has_more"]


@pytest.mark.rule("D4", "positive")
def test_newest_start_first(api, many):
    job, runs = many
    assert page(api, job_id=job, limit=0) == (runs, False)
    starts = [run["start_time"] for run in api.get("jobs/runs/list", limit=0).ok()["runs"]]
    assert starts == sorted(starts, reverse=True)


@pytest.mark.rule("D4", "positive")
@pytest.mark.parametrize("query, expected", [
    ({}, (0, 20, True)), ({"limit": 1}, (0, 1, True)), ({"limit": COUNT - 1}, (0, COUNT - 1, True)),
    ({"limit": COUNT}, (0, COUNT, False)), ({"limit": 999}, (0, COUNT, False)), ({"limit": 0}, (0, COUNT, False)),
    ({"offset": COUNT - 2, "limit": 1}, (COUNT - 2, COUNT - 1, True)),
    ({"offset": COUNT - 1, "limit": 1}, (COUNT - 1, COUNT, False)),
    ({"offset": 20}, (20, COUNT, False)), ({"offset": 4}, (4, 24, True)), ({"offset": 5}, (5, COUNT, False)),
    ({"offset": COUNT}, (COUNT, COUNT, False)), ({"offset": 2**31 - 1}, (COUNT, COUNT, False)),
    ({"offset": 0}, (0, 20, True)),
], ids=str)
def test_pages_and_has_more(api, many, query, expected):
    job, runs = many
    first, last, has_more = expected
    assert page(api, job_id=job, **query) == (runs[first:last], has_more)


@pytest.mark.rule("D4", "positive")
def test_of_all_jobs_where_none_is_named(api, many):
    everything, _ = page(api, limit=0)
    assert set(many[1]) <= set(everything)


@pytest.mark.rule("D4", "positive")
def test_as_runs_get_has_them(api, many):
    job, runs = many
    listed = api.get("jobs/runs/list", job_id=job, limit=1).ok()["runs"][0]
    assert listed == api.get("jobs/runs/get", run_id=runs[0]).ok()


@pytest.mark.rule("D4", "positive")
def test_filters(api, fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name))
    active = fixtures.run_now(job)
    peer = gate.peer(name)
    skipped = fixtures.run_now(job)
    submitted = fixtures.submit(fixtures.echo())
    assert page(api, job_id=job, active_only="true") == ([active], False)
    assert page(api, job_id=job, completed_only="true") == ([skipped], False)
    for nothing in ({}, {"active_only": "false"}, {"active_only": "false", "completed_only": "false"},
                    {"run_type": "JOB_RUN"}):
        assert page(api, job_id=job, **nothing) == ([skipped, active], False)
    assert page(api, job_id=job, run_type="SUBMIT_RUN") == ([], False)
    assert page(api, job_id=job, run_type="WORKFLOW_RUN") == ([], False)
    fixtures.succeeded(submitted)
    submitted_runs, _ = page(api, run_type="SUBMIT_RUN", completed_only="true", limit=0)
    assert submitted in submitted_runs and skipped not in submitted_runs
    peer.order(exit=0)
    fixtures.succeeded(active)
    assert page(api, job_id=job, active_only="true") == ([], False)
    assert page(api, job_id=job, completed_only="true") == ([skipped, active], False)


@pytest.mark.rule("D4", "positive")
@pytest.mark.extension
def test_a_walk_sees_every_run_once_while_runs_are_made(api, fixtures):
    """The specification counts from the most recent run; Lamplighter from the one that was when the walk began."""
    job, runs = fixtures.skipping_job(20)
    seen, has_more = [], True
    while has_more:
        found, has_more = page(api, job_id=job, offset=len(seen), limit=3)
        assert found or not has_more
        seen += found
        for _ in range(2):
            fixtures.run_now(job)
    assert seen == runs[::-1]


@pytest.mark.rule("D4", "positive")
def test_a_walk_over_runs_that_rest_sees_each_once(api, many):
    job, runs = many
    for limit in (1, 4, 24):
        seen, has_more = [], True
        while has_more:
            found, has_more = page(api, job_id=job, offset=len(seen), limit=limit)
            seen += found
        assert seen == runs


@pytest.mark.rule("D4", "negative")
@pytest.mark.parametrize("query, parts", [
    ({"limit": -1}, ["limit", "-1", "999"]), ({"limit": 1000}, ["limit", "1000", "999"]),
    ({"limit": 2**31 - 1}, ["limit", "999"]), ({"offset": -1}, ["offset", "-1", "0"]),
    ({"active_only": "true", "completed_only": "true"}, ["active_only", "completed_only"]),
    ({"run_type": "JOB"}, ["run_type", "JOB_RUN", "WORKFLOW_RUN", "SUBMIT_RUN"]),
    ({"run_type": "job_run"}, ["run_type"]),
    ({"limit": -1, "offset": -1, "run_type": "x"}, ["limit", "offset", "run_type"]),
], ids=str)
def test_what_is_not_allowed(api, query, parts):
    message = api.get("jobs/runs/list", **query).refused()
    for part in parts:
        assert part in message


@pytest.mark.rule("D4", "negative")
@pytest.mark.parametrize("name, value", [
    ("limit", "many"), ("limit", 2**31), ("offset", "1.5"), ("active_only", "perhaps"),
    ("completed_only", 2), ("job_id", "x")])
def test_what_is_of_another_type(api, name, value):
    assert name in api.get("jobs/runs/list", **{name: value}).refused("MALFORMED_REQUEST")
