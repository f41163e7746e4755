# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D3: a token makes one run, however often and from wherever it is sent."""

import uuid

import pytest

from contract.client import Client
from contract.fingerprint import nothing_changes
from contract.settings import settings
from contract.fixtures import all_at_once


def token():
    return uuid.uuid4().hex


@pytest.mark.rule("D3", "positive")
def test_run_now_under_concurrency(api, fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, max_concurrent_runs=1000))
    body = {"job_id": job, "idempotency_token": token()}
    answers = all_at_once([lambda: api.post("jobs/run-now", body).ok()] * 32)
    assert len({answer["run_id"] for answer in answers}) == 1
    assert {answer["number_in_job"] for answer in answers} == {1}
    gate.peer(name).order(exit=0)
    fixtures.succeeded(answers[0]["run_id"])
    assert [run["run_id"] for run in fixtures.runs(job)] == [answers[0]["run_id"]]
    assert gate.waiting(name) == 0
    # Also after its end.
    assert api.post("jobs/run-now", body).ok()["run_id"] == answers[0]["run_id"]


@pytest.mark.rule("D3", "positive")
def test_submit_under_concurrency(api, fixtures, gate):
    name = fixtures.name()
    body = {**fixtures.held(name), "idempotency_token": token()}
    runs = set(all_at_once([lambda: api.post("jobs/runs/submit", body).ok()["run_id"]] * 32))
    assert len(runs) == 1
    gate.peer(name).order(exit=0)
    fixtures.succeeded(*runs)
    assert gate.waiting(name) == 0


@pytest.mark.rule("D3", "positive")
def test_one_token_with_many_bodies_at_once(api, fixtures):
    """Requests for two jobs and to submit, all with one token: whichever comes first makes the run."""
    (first, _), (second, _) = fixtures.skipping_job(), fixtures.skipping_job()
    key = {"idempotency_token": token()}
    calls = [lambda: api.post("jobs/run-now", {"job_id": first, **key}),
             lambda: api.post("jobs/run-now", {"job_id": second, **key}),
             lambda: api.post("jobs/runs/submit", {**fixtures.echo(), **key})]
    runs = {answer.ok()["run_id"] for answer in all_at_once(calls * 8)}
    assert len(runs) == 1
    assert len(fixtures.runs(first)) + len(fixtures.runs(second)) <= 1
    fixtures.ended(*runs)


@pytest.mark.rule("D3", "positive")
def test_a_skipped_run_is_a_run(api, fixtures):
    job, _ = fixtures.skipping_job()
    key = token()
    assert len({fixtures.run_now(job, idempotency_token=key) for _ in range(3)}) == 1


@pytest.mark.rule("D3", "positive")
@pytest.mark.parametrize("letter", ["x", "é", "🌒"])
def test_64_characters(fixtures, letter):
    job, _ = fixtures.skipping_job()
    key = (token() + letter * 64)[:64]
    assert fixtures.run_now(job, idempotency_token=key) == fixtures.run_now(job, idempotency_token=key)


@pytest.mark.rule("D3", "positive")
def test_across_a_crash(new_server):
    """What was answered before kill -9 is known after it."""
    with new_server() as target:
        api = target.api
        job = api.post("jobs/create", settings(max_concurrent_runs=0)).ok()["job_id"]
        body = {"job_id": job, "idempotency_token": token()}
        first = api.post("jobs/run-now", body).ok()
        target.server.kill()
        target.server.start()
        api = Client(target.server.url, target.server.token)
        assert api.post("jobs/run-now", body).ok() == first
        assert len(api.get("jobs/runs/list", job_id=job).ok()["runs"]) == 1


@pytest.mark.rule("D3", "positive")
def test_another_body_gets_the_run_that_there_is(api, fixtures):
    job, _ = fixtures.skipping_job()
    key = token()
    first = fixtures.run_now(job, idempotency_token=key)
    assert fixtures.run_now(job, idempotency_token=key, python_params=["other"]) == first
    assert fixtures.run(first).get("overriding_parameters", {}) == {}


@pytest.mark.rule("D3", "positive")
@pytest.mark.extension
def test_and_a_warning(api, fixtures):
    job, _ = fixtures.skipping_job()
    body = {"job_id": job, "idempotency_token": token()}
    assert "lamplighter-warning" not in api.post("jobs/run-now", body).headers
    assert "lamplighter-warning" not in api.post("jobs/run-now", body).headers
    other = api.post("jobs/run-now", {**body, "python_params": ["other"]})
    assert "idempotency_token" in other.headers["lamplighter-warning"]


@pytest.mark.rule("D3", "negative")
@pytest.mark.parametrize("key", ["x" * 65, "é" * 65])
def test_not_65(api, standing_job, key):
    with nothing_changes(api):
        for path, body in (("jobs/run-now", {"job_id": standing_job}), ("jobs/runs/submit", settings())):
            message = api.post(path, {**body, "idempotency_token": key}).refused()
            for part in ("idempotency_token", "65", "64"):
                assert part in message


@pytest.mark.rule("D3", "negative")
def test_a_token_whose_run_was_deleted(api, fixtures):
    job, _ = fixtures.skipping_job()
    key = token()
    run = fixtures.run_now(job, idempotency_token=key)
    api.post("jobs/runs/delete", {"run_id": run}).ok()
    with nothing_changes(api):
        message = api.post("jobs/run-now", {"job_id": job, "idempotency_token": key}).refused()
    assert "idempotency_token" in message


@pytest.mark.rule("D3", "negative")
def test_another_token_or_none_is_another_run(fixtures):
    job, _ = fixtures.skipping_job()
    runs = [fixtures.run_now(job, idempotency_token=token()), fixtures.run_now(job, idempotency_token=token()),
            fixtures.run_now(job), fixtures.run_now(job), fixtures.run_now(job, idempotency_token="")]
    assert len(set(runs)) == len(runs)


@pytest.mark.rule("D3", "negative")
def test_a_refused_request_uses_no_token_up(api, fixtures):
    job, _ = fixtures.skipping_job()
    key = token()
    api.post("jobs/run-now", {"job_id": job, "idempotency_token": key, "jar_params": ["a"]}).refused()
    run = fixtures.run_now(job, idempotency_token=key)
    assert fixtures.run(run)["number_in_job"] == 1
