# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D11: changes of state are whole, and are kept."""

import threading

import pytest

from contract.client import Client
from contract.runs import check_run
from contract.fixtures import ENDED, Fixtures

EDGES = {
    None: {"PENDING", "SKIPPED"},
    "PENDING": {"RUNNING", "SKIPPED", "INTERNAL_ERROR", "TERMINATING"},
    "RUNNING": {"TERMINATING", "INTERNAL_ERROR"},
    "TERMINATING": {"TERMINATED", "INTERNAL_ERROR"},
}


def transitions(api, run):
    found = api.get("jobs/runs/transitions", run_id=run).ok()["transitions"]
    before = None
    for number, transition in enumerate(found):
        after = transition["life_cycle_state"]
        assert after in EDGES.get(before, set()), f"{before} -> {after}"
        assert number == 0 or transition["time"] >= found[number - 1]["time"]
        before = after
    return found


@pytest.mark.rule("D11", "positive")
def test_nobody_ever_sees_half_a_change(fixtures):
    """Readers look as fast as they can while runs begin and end: each answer has to make sense by itself."""
    runs = [fixtures.submit(fixtures.echo(str(number))) for number in range(4)]
    faults, orders = [], []

    def read(run):
        seen = []
        while not seen or seen[-1] not in ENDED:
            found = fixtures.run(run)
            try:
                check_run(found)
            except AssertionError as fault:
                faults.append(fault)
            if [found["state"]["life_cycle_state"]] != seen[-1:]:
                seen.append(found["state"]["life_cycle_state"])
        orders.append(seen)

    readers = [threading.Thread(target=read, args=[run], daemon=True) for run in runs]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(timeout=120)
    assert faults == []
    assert len(orders) == len(runs)
    life = ["PENDING", "RUNNING", "TERMINATING", "TERMINATED"]
    for seen in orders:
        # States may be too short to be seen, but never out of order.
        assert seen == [state for state in life if state in seen], seen


@pytest.mark.rule("D11", "positive")
@pytest.mark.extension
def test_the_log_of_a_run_is_its_way_through_the_life_cycle(api, fixtures):
    run = fixtures.submit(fixtures.echo())
    ended = fixtures.succeeded(run)
    found = transitions(api, run)
    assert [each["life_cycle_state"] for each in found] == ["PENDING", "RUNNING", "TERMINATING", "TERMINATED"]
    assert found[0]["time"] == ended["start_time"] and found[-1]["time"] == ended["end_time"]
    assert found[-1]["result_state"] == "SUCCESS"
    _, (skipped,) = fixtures.skipping_job(1)
    assert transitions(api, skipped)[-1]["life_cycle_state"] == "SKIPPED"


@pytest.mark.rule("D11", "positive")
@pytest.mark.extension
def test_the_log_survives_a_crash_and_goes_on(new_server, gate):
    """kill -9 while a task runs: the log keeps what it had, and the task is taken up again."""
    with new_server() as target:
        fixtures = Fixtures(target.api, gate)
        name = fixtures.name()
        run = fixtures.submit(fixtures.held(name))
        peer = gate.peer(name)
        before = transitions(target.api, run)
        target.server.kill()
        assert peer.lives()
        target.server.start()
        fixtures.api = Client(target.server.url, target.server.token)
        assert transitions(fixtures.api, run)[:len(before)] == before
        peer.order(exit=0)
        fixtures.succeeded(run)
        assert transitions(fixtures.api, run)[-1]["life_cycle_state"] == "TERMINATED"


@pytest.mark.rule("D11", "negative")
@pytest.mark.extension
def test_what_changes_nothing_is_not_in_the_log(api, fixtures):
    run = fixtures.submit(fixtures.echo())
    fixtures.succeeded(run)
    before = transitions(api, run)
    api.post("jobs/runs/cancel", {"run_id": run}).ok()
    assert transitions(api, run) == before


@pytest.mark.rule("D11", "negative")
def test_a_result_never_changes(api, fixtures, gate):
    """Cancelled at the moment of its end, a run has one result or the other, and keeps it."""
    for code in (0, 1):
        name = fixtures.name()
        run = fixtures.submit(fixtures.held(name))
        gate.peer(name).order(exit=code)
        api.post("jobs/runs/cancel", {"run_id": run}).ok()
        ended = fixtures.ended(run)
        check_run(ended)
        api.post("jobs/runs/cancel", {"run_id": run}).ok()
        assert fixtures.run(run) == ended


@pytest.mark.rule("D11", "negative")
@pytest.mark.extension
def test_no_run_no_log(api):
    assert api.get("jobs/runs/transitions", run_id=9_007_199_254_740_008).refused().endswith("does not exist.")
