# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D6: cancelling."""

import pytest

from contract.fingerprint import nothing_changes
from contract.workshop import until

NOBODY = 9_007_199_254_740_004


def canceled(workshop, run):
    state = workshop.ended(run)["state"]
    assert (state["life_cycle_state"], state["result_state"]) == ("TERMINATED", "CANCELED")
    assert state["user_cancelled_or_timedout"] is True


@pytest.mark.rule("D6", "positive")
def test_the_whole_tree_of_processes_ends(api, workshop, gate):
    """The task, its child in a session of its own that ignores SIGTERM, and that one's child."""
    names = [workshop.name() for _ in range(3)]
    run = workshop.submit(workshop.held(names[0]))
    peers = [gate.peer(names[0])]
    for name in names[1:]:
        peers[-1].order(spawn=name)
        peers.append(gate.peer(name))
    assert all(peer.lives() for peer in peers)
    assert api.post("jobs/runs/cancel", {"run_id": run}).ok() == {}
    for peer in peers:
        peer.ends()
    canceled(workshop, run)


@pytest.mark.rule("D6", "positive")
def test_all_of_a_job_and_none_of_another(api, workshop, gate):
    host, port = gate.address
    names = [workshop.name() for _ in range(3)]
    job = workshop.job(workshop.held("", max_concurrent_runs=5, max_retries=5))
    other = workshop.submit(workshop.held(names[2]))
    runs = [workshop.run_now(job, python_params=[host, str(port), name]) for name in names[:2]]
    peers = [gate.peer(name) for name in names]
    assert api.post("jobs/runs/cancel-all", {"job_id": job}).ok() == {}
    for run, peer in zip(runs, peers):
        peer.ends()
        canceled(workshop, run)
    # It does not keep new runs from starting, and what was cancelled is not tried again.
    later = workshop.run_now(job, python_params=[host, str(port), names[0]])
    gate.peer(names[0]).order(exit=0)
    workshop.succeeded(later)
    assert len(workshop.runs(job)) == 3
    assert peers[2].lives()
    peers[2].order(exit=0)
    workshop.succeeded(other)


@pytest.mark.rule("D6", "positive")
def test_a_run_that_waits_never_starts(api, workshop, gate):
    """A retry that is not due yet."""
    name = workshop.name()
    job = workshop.job(workshop.held(name, max_retries=1, min_retry_interval_millis=3_600_000))
    workshop.run_now(job)
    gate.peer(name).order(exit=1)
    waiting = until(lambda: workshop.runs(job, active_only="true"), "the retry")[0]
    if waiting["attempt_number"] == 0:
        workshop.ended(waiting["run_id"])
        waiting = until(lambda: workshop.runs(job, active_only="true"), "the retry")[0]
    assert waiting["state"]["life_cycle_state"] == "PENDING" and waiting["attempt_number"] == 1
    api.post("jobs/runs/cancel", {"run_id": waiting["run_id"]}).ok()
    canceled(workshop, waiting["run_id"])
    assert gate.waiting(name) == 0


@pytest.mark.rule("D6", "positive")
def test_a_run_that_has_ended_stays_as_it_is(api, workshop):
    run = workshop.submit(workshop.echo())
    before = workshop.succeeded(run)
    for _ in range(2):
        assert api.post("jobs/runs/cancel", {"run_id": run}).ok() == {}
    assert api.post("jobs/runs/cancel-all", {"job_id": before["job_id"]}).ok() == {}
    assert workshop.run(run) == before
    _, (skipped,) = workshop.skipping_job(1)
    before = workshop.run(skipped)
    api.post("jobs/runs/cancel", {"run_id": skipped}).ok()
    assert workshop.run(skipped) == before


@pytest.mark.rule("D6", "positive")
def test_cancelling_twice_is_cancelling(api, workshop, gate):
    name = workshop.name()
    run = workshop.submit(workshop.held(name))
    peer = gate.peer(name)
    for _ in range(3):
        api.post("jobs/runs/cancel", {"run_id": run}).ok()
    peer.ends()
    canceled(workshop, run)


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
