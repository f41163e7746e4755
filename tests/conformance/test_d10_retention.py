# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D10: runs go some time after they ended, on a server where that is seconds."""

import pytest

from contract.workshop import until


@pytest.mark.rule("D10", "positive")
@pytest.mark.rule("D10", "negative")
def test_what_ended_goes_and_what_is_active_stays(forgetful):
    api = forgetful.api
    assert "a" in forgetful.logs
    for run in forgetful.forgotten:
        until(lambda run=run: api.get("jobs/runs/get", run_id=run).status == 400, f"run {run} to go", 180)
        assert api.get("jobs/runs/get", run_id=run).refused() == f"Run {run} does not exist."
        api.get("jobs/runs/get-output", run_id=run).refused()
    # Older than those, but active.
    assert [run["run_id"] for run in api.get("jobs/runs/list").ok()["runs"]] == [forgetful.active]
    assert forgetful.peer.lives()
    # The job is there, and counts on.
    assert api.get("jobs/get", job_id=forgetful.job).ok()["job_id"] == forgetful.job
    assert api.post("jobs/run-now", {"job_id": forgetful.job}).ok()["number_in_job"] == 2
    forgetful.peer.order(exit=0)
    forgetful.workshop.succeeded(forgetful.active)


@pytest.mark.rule("D10", "negative")
def test_sixty_days_are_the_default(workshop):
    """A run of the main server, which nobody gave another time, stays."""
    run = workshop.submit(workshop.echo())
    found = workshop.succeeded(run)
    assert workshop.run(run) == found
