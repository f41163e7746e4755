# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D10: runs go some time after they ended, on a server where that is seconds."""

import pytest

from contract.gate import Gate
from contract.workshop import Workshop, until


@pytest.fixture(scope="module")
def forgetful(new_server):
    """A workshop on a server that keeps runs for 8.64 seconds, and looks once a minute."""
    with new_server("--run-retention-days", "0.0001") as target:
        gate = Gate(target.callback_host)
        yield Workshop(target.api, gate)
        gate.close()


@pytest.mark.rule("D10", "positive")
@pytest.mark.rule("D10", "negative")
def test_what_ended_goes_and_what_is_active_stays(forgetful):
    workshop, api, gate = forgetful, forgetful.api, forgetful.gate
    name = workshop.name()
    active = workshop.submit(workshop.held(name))
    peer = gate.peer(name)
    job, (skipped,) = workshop.skipping_job(1)
    ended = workshop.submit(workshop.echo("a"))
    workshop.succeeded(ended)
    assert "a" in workshop.output(ended)["logs"]
    for run in (ended, skipped):
        until(lambda run=run: api.get("jobs/runs/get", run_id=run).status == 400, f"run {run} to go", 180)
        assert api.get("jobs/runs/get", run_id=run).refused() == f"Run {run} does not exist."
        api.get("jobs/runs/get-output", run_id=run).refused()
    # Older than those, but active.
    assert [run["run_id"] for run in api.get("jobs/runs/list").ok()["runs"]] == [active]
    assert peer.lives()
    assert api.get("jobs/get", job_id=job).ok()["job_id"] == job
    # Its job counts on.
    assert api.post("jobs/run-now", {"job_id": job}).ok()["number_in_job"] == 2
    peer.order(exit=0)
    workshop.succeeded(active)


@pytest.mark.rule("D10", "negative")
def test_sixty_days_are_the_default(workshop):
    """A run of the main server, which nobody gave another time, stays."""
    run = workshop.submit(workshop.echo())
    found = workshop.succeeded(run)
    assert workshop.run(run) == found
