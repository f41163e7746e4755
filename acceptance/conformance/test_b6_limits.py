# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B6: limits, on servers that have small ones."""

import pytest

from contract.fingerprint import nothing_changes
from contract.gate import Gate
from contract.settings import settings
from contract.fixtures import Fixtures, all_at_once


@pytest.fixture(scope="module")
def few_creations(new_server):
    with new_server("--max-job-creations-per-hour", "4") as target:
        yield target.api


@pytest.fixture(scope="module")
def few_runs(new_server):
    """A fixtures on a server that runs two tasks at once."""
    with new_server("--max-concurrent-runs", "2", "--grace-period-seconds", "1") as target:
        gate = Gate(target.callback_host)
        yield Fixtures(target.api, gate)
        gate.close()


def limited(answer):
    message = answer.refused("REQUEST_LIMIT_EXCEEDED", 429)
    assert int(answer.headers["retry-after"]) > 0
    return message


@pytest.mark.rule("B6", "positive")
@pytest.mark.rule("B6", "negative")
def test_so_many_jobs_an_hour_submitted_runs_included(few_creations):
    api = few_creations
    jobs = [api.post("jobs/create", settings(max_concurrent_runs=0)).ok()["job_id"] for _ in range(3)]
    submitted = {"existing_cluster_id": "nobody", "spark_python_task": {"python_file": "dbfs:/a.py"}}
    api.post("jobs/runs/submit", submitted).ok()
    with nothing_changes(api):
        assert "4" in limited(api.post("jobs/create", settings()))
        limited(api.post("jobs/runs/submit", submitted))
    # Deleting gives no space: what counts is how many were made.
    api.post("jobs/delete", {"job_id": jobs[0]}).ok()
    limited(api.post("jobs/create", settings()))
    # What makes no job goes on.
    api.post("jobs/run-now", {"job_id": jobs[1]}).ok()
    api.post("jobs/reset", {"job_id": jobs[1], "new_settings": settings()}).ok()
    # A bad request is bad first.
    api.post("jobs/create", settings(timeout_seconds=-1)).refused()


@pytest.mark.rule("B6", "positive")
@pytest.mark.rule("B6", "negative")
def test_so_many_runs_at_once(few_runs):
    fixtures, api, gate = few_runs, few_runs.api, few_runs.gate
    names = [fixtures.name() for _ in range(3)]
    first = fixtures.submit(fixtures.held(names[0]), idempotency_token="first")
    job = fixtures.job(fixtures.held(names[1], max_concurrent_runs=5))
    second = fixtures.run_now(job)
    peers = [gate.peer(name) for name in names[:2]]
    with nothing_changes(api):
        assert "2" in limited(api.post("jobs/run-now", {"job_id": job}))
        limited(api.post("jobs/runs/submit", fixtures.echo()))
    # The run of a token is there already.
    assert fixtures.submit(fixtures.held(names[0]), idempotency_token="first") == first
    peers[0].order(exit=0)
    fixtures.succeeded(first)
    third = fixtures.submit(fixtures.held(names[2]))
    peers[1].order(exit=0)
    gate.peer(names[2]).order(exit=0)
    fixtures.succeeded(second)
    fixtures.succeeded(third)


@pytest.mark.rule("B6", "negative")
def test_no_race_makes_one_more(few_runs):
    fixtures, gate = few_runs, few_runs.gate
    name = fixtures.name()
    body = fixtures.held(name)
    answers = all_at_once([lambda: fixtures.api.post("jobs/runs/submit", body)] * 16)
    runs = [answer.json["run_id"] for answer in answers if answer.status == 200]
    for answer in answers:
        if answer.status != 200:
            limited(answer)
    assert len(runs) == 2
    for _ in runs:
        gate.peer(name).order(exit=0)
    for run in runs:
        fixtures.succeeded(run)
    assert gate.waiting(name) == 0


@pytest.mark.rule("B6", "negative")
def test_no_race_makes_one_more_job(new_server):
    with new_server("--max-job-creations-per-hour", "5") as target:
        answers = all_at_once([lambda: target.api.post("jobs/create", settings())] * 20)
        assert [answer.status for answer in answers].count(200) == 5
        assert len(target.api.get("jobs/list").ok()["jobs"]) == 5


@pytest.mark.rule("B6", "negative")
def test_a_run_that_is_skipped_needs_no_room(few_runs):
    fixtures, gate = few_runs, few_runs.gate
    names = [fixtures.name(), fixtures.name()]
    runs = [fixtures.submit(fixtures.held(name)) for name in names]
    peers = [gate.peer(name) for name in names]
    # Nothing would start: the answer may be a skipped run or the limit, but no third task.
    job = fixtures.job(fixtures.echo(max_concurrent_runs=0))
    answer = fixtures.api.post("jobs/run-now", {"job_id": job})
    if answer.status == 200:
        assert fixtures.run(answer.json["run_id"])["state"]["life_cycle_state"] == "SKIPPED"
    else:
        limited(answer)
    for peer, run in zip(peers, runs):
        peer.order(exit=0)
        fixtures.succeeded(run)
