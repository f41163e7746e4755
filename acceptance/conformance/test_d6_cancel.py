# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D6: cancelling."""

import pytest

from contract.fingerprint import nothing_changes
from contract.fixtures import until

NOBODY = 9_007_199_254_740_004


def canceled(fixtures, run):
    state = fixtures.ended(run)["state"]
    assert (state["life_cycle_state"], state["result_state"]) == ("TERMINATED", "CANCELED")
    assert state["user_cancelled_or_timedout"] is True


@pytest.mark.rule("D6", "positive")
def test_the_whole_tree_of_processes_ends(api, fixtures, gate):
    """The task, its child in a session of its own that ignores SIGTERM, and that one's child."""
    names = [fixtures.name() for _ in range(3)]
    run = fixtures.submit(fixtures.held(names[0]))
    peers = [gate.peer(names[0])]
    for name in names[1:]:
        peers[-1].order(spawn=name)
        peers.append(gate.peer(name))
    assert all(peer.lives() for peer in peers)
    assert api.post("jobs/runs/cancel", {"run_id": run}).ok() == {}
    for peer in peers:
        peer.ends()
    canceled(fixtures, run)


@pytest.mark.rule("D6", "positive")
def test_all_of_a_job_and_none_of_another(api, fixtures, gate):
    host, port = gate.address
    names = [fixtures.name() for _ in range(3)]
    job = fixtures.job(fixtures.held("", max_concurrent_runs=5, max_retries=5))
    other = fixtures.submit(fixtures.held(names[2]))
    runs = [fixtures.run_now(job, python_params=[host, str(port), name]) for name in names[:2]]
    peers = [gate.peer(name) for name in names]
    assert api.post("jobs/runs/cancel-all", {"job_id": job}).ok() == {}
    for run, peer in zip(runs, peers):
        peer.ends()
        canceled(fixtures, run)
    # It does not keep new runs from starting, and what was cancelled is not tried again.
    later = fixtures.run_now(job, python_params=[host, str(port), names[0]])
    gate.peer(names[0]).order(exit=0)
    fixtures.succeeded(later)
    assert len(fixtures.runs(job)) == 3
    assert peers[2].lives()
    peers[2].order(exit=0)
    fixtures.succeeded(other)


@pytest.mark.rule("D6", "positive")
def test_a_run_that_waits_never_starts(api, fixtures, gate):
    """A retry that is not due yet."""
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, max_retries=1, min_retry_interval_millis=3_600_000))
    fixtures.run_now(job)
    gate.peer(name).order(exit=1)
    waiting = until(lambda: fixtures.runs(job, active_only="true"), "the retry")[0]
    if waiting["attempt_number"] == 0:
        fixtures.ended(waiting["run_id"])
        waiting = until(lambda: fixtures.runs(job, active_only="true"), "the retry")[0]
    assert waiting["state"]["life_cycle_state"] == "PENDING" and waiting["attempt_number"] == 1
    api.post("jobs/runs/cancel", {"run_id": waiting["run_id"]}).ok()
    canceled(fixtures, waiting["run_id"])
    assert gate.waiting(name) == 0


@pytest.mark.rule("D6", "positive")
def test_a_run_that_has_ended_stays_as_it_is(api, fixtures):
    run = fixtures.submit(fixtures.echo())
    before = fixtures.succeeded(run)
    for _ in range(2):
        assert api.post("jobs/runs/cancel", {"run_id": run}).ok() == {}
    assert api.post("jobs/runs/cancel-all", {"job_id": before["job_id"]}).ok() == {}
    assert fixtures.run(run) == before
    _, (skipped,) = fixtures.skipping_job(1)
    before = fixtures.run(skipped)
    api.post("jobs/runs/cancel", {"run_id": skipped}).ok()
    assert fixtures.run(skipped) == before


@pytest.mark.rule("D6", "positive")
def test_cancelling_twice_is_cancelling(api, fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    peer = gate.peer(name)
    for _ in range(3):
        api.post("jobs/runs/cancel", {"run_id": run}).ok()
    peer.ends()
    canceled(fixtures, run)


@pytest.mark.rule("D6", "negative")
@pytest.mark.parametrize("path, body, message", [
    ("jobs/runs/cancel", {"run_id": NOBODY}, f"Run {NOBODY} does not exist."),
    ("jobs/runs/cancel-all", {"job_id": NOBODY}, f"Job {NOBODY} does not exist."),
    ("jobs/runs/cancel", {"run_id": 0}, "Run 0 does not exist.")])
def test_what_does_not_exist(api, path, body, message):
    with nothing_changes(api):
        assert api.post(path, body).refused() == message


@pytest.mark.rule("D6", "negative")
@pytest.mark.parametrize("path, name", [("jobs/runs/cancel", "run_id"), ("jobs/runs/cancel-all", "job_id")])
def test_what_is_not_said(api, path, name):
    assert name in api.post(path, {}).refused()
    assert name in api.post(path, {name: "all"}).refused("MALFORMED_REQUEST")
