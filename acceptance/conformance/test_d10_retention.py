# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D10: runs go some time after they ended, on a server where that is seconds."""

import pytest

from contract.fixtures import until


@pytest.mark.rule("D10", "positive")
@pytest.mark.rule("D10", "negative")
def test_what_ended_goes_and_what_is_active_stays(short_retention):
    api = short_retention.api
    assert "a" in short_retention.logs
    for run in short_retention.forgotten:
        until(lambda run=run: api.get("jobs/runs/get", run_id=run).status == 400, f"run {run} to go", 180)
        assert api.get("jobs/runs/get", run_id=run).refused() == f"Run {run} does not exist."
        api.get("jobs/runs/get-output", run_id=run).refused()
    # Older than those, but active.
    assert [run["run_id"] for run in api.get("jobs/runs/list").ok()["runs"]] == [short_retention.active]
    assert short_retention.peer.lives()
    # The job is there, and counts on.
    assert api.get("jobs/get", job_id=short_retention.job).ok()["job_id"] == short_retention.job
    assert api.post("jobs/run-now", {"job_id": short_retention.job}).ok()["number_in_job"] == 2
    short_retention.peer.order(exit=0)
    short_retention.fixtures.succeeded(short_retention.active)


@pytest.mark.rule("D10", "negative")
def test_sixty_days_are_the_default(fixtures):
    """A run of the main server, which nobody gave another time, stays."""
    run = fixtures.submit(fixtures.echo())
    found = fixtures.succeeded(run)
    assert fixtures.run(run) == found
