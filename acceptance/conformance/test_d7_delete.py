# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D7: deleting runs."""

import pytest

from contract.fingerprint import nothing_changes

NOBODY = 9_007_199_254_740_005


@pytest.mark.rule("D7", "positive")
@pytest.mark.parametrize("code", [0, 1])
def test_a_run_that_has_ended_goes_with_its_output(api, fixtures, gate, code):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name))
    run = fixtures.run_now(job)
    peer = gate.peer(name)
    peer.order(write="something", exit=code)
    fixtures.ended(run)
    assert "something" in fixtures.output(run)["logs"]
    assert api.post("jobs/runs/delete", {"run_id": run}).ok() == {}
    for path in ("jobs/runs/get", "jobs/runs/get-output", "jobs/runs/export"):
        assert api.get(path, run_id=run).refused() == f"Run {run} does not exist."
    assert fixtures.runs(job) == []
    assert api.get("jobs/get", job_id=job).ok()["job_id"] == job


@pytest.mark.rule("D7", "positive")
def test_a_skipped_run(api, fixtures):
    job, runs = fixtures.skipping_job(3)
    api.post("jobs/runs/delete", {"run_id": runs[1]}).ok()
    assert [run["run_id"] for run in fixtures.runs(job)] == [runs[2], runs[0]]


@pytest.mark.rule("D7", "negative")
def test_not_an_active_run(api, fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    peer = gate.peer(name)
    with nothing_changes(api):
        message = api.post("jobs/runs/delete", {"run_id": run}).refused("INVALID_STATE")
    assert str(run) in message
    assert peer.lives()
    peer.order(exit=0)
    fixtures.succeeded(run)
    api.post("jobs/runs/delete", {"run_id": run}).ok()


@pytest.mark.rule("D7", "negative")
def test_not_twice(api, fixtures):
    _, (run,) = fixtures.skipping_job(1)
    api.post("jobs/runs/delete", {"run_id": run}).ok()
    assert api.post("jobs/runs/delete", {"run_id": run}).refused() == f"Run {run} does not exist."


@pytest.mark.rule("D7", "negative")
def test_not_what_never_was(api):
    with nothing_changes(api):
        assert api.post("jobs/runs/delete", {"run_id": NOBODY}).refused() == f"Run {NOBODY} does not exist."
        assert "run_id" in api.post("jobs/runs/delete", {}).refused()
