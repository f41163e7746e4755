# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B5: deleting a job."""

import pytest

from contract.settings import settings
from contract.fixtures import all_at_once

NEVER = 9_007_199_254_740_001


@pytest.mark.rule("B5", "positive")
def test_a_job_and_its_history_vanish_at_once(api, fixtures):
    job, runs = fixtures.skipping_job(3)
    api.post("jobs/delete", {"job_id": job}).ok()
    assert job not in [listed["job_id"] for listed in api.get("jobs/list").ok().get("jobs", [])]
    assert api.get("jobs/get", job_id=job).refused() == f"Job {job} does not exist."
    everything = [run["run_id"] for run in api.get("jobs/runs/list", limit=0).ok()["runs"]]
    assert not set(runs) & set(everything)
    for run in runs:
        assert api.get("jobs/runs/get", run_id=run).refused() == f"Run {run} does not exist."
        api.get("jobs/runs/get-output", run_id=run).refused()


@pytest.mark.rule("B5", "positive")
def test_deleting_it_again_does_nothing(api, fixtures):
    job = fixtures.job(settings())
    for _ in range(3):
        assert api.post("jobs/delete", {"job_id": job}).ok() == {}


@pytest.mark.rule("B5", "positive")
def test_its_active_runs_end_and_it_is_not_tried_again(api, fixtures, gate):
    names = [fixtures.name(), fixtures.name()]
    job = fixtures.job(fixtures.held(names[0], max_concurrent_runs=2, max_retries=-1))
    host, port = gate.address
    for name in names:
        fixtures.run_now(job, python_params=[host, str(port), name])
    peers = [gate.peer(name) for name in names]
    api.post("jobs/delete", {"job_id": job}).ok()
    for peer in peers:
        peer.ends()
    api.get("jobs/get", job_id=job).refused()
    assert [gate.waiting(name) for name in names] == [0, 0]


@pytest.mark.rule("B5", "positive")
def test_what_was_deleted_is_never_a_new_jobs_id(api, fixtures):
    job = fixtures.job(settings())
    api.post("jobs/delete", {"job_id": job}).ok()
    assert fixtures.job(settings()) != job


@pytest.mark.rule("B5", "negative")
@pytest.mark.parametrize("job", [NEVER, 0, -5])
def test_a_job_that_never_was_cannot_be_deleted(api, job):
    assert api.post("jobs/delete", {"job_id": job}).refused() == f"Job {job} does not exist."


@pytest.mark.rule("B5", "negative")
@pytest.mark.parametrize("path, more", [
    ("jobs/run-now", {}), ("jobs/runs/cancel-all", {}), ("jobs/update", {"new_settings": {"name": "x"}}),
    ("jobs/reset", {"new_settings": settings()})])
def test_nothing_can_be_done_with_a_deleted_job(api, fixtures, path, more):
    job = fixtures.job(settings())
    api.post("jobs/delete", {"job_id": job}).ok()
    assert api.post(path, {"job_id": job, **more}).refused() == f"Job {job} does not exist."


@pytest.mark.rule("B5", "negative")
def test_no_run_outlives_its_job_in_a_race(api, fixtures, gate):
    """Runs are asked for while the job is deleted: those that were made end, the others are refused."""
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, max_concurrent_runs=1000))
    run_now = [lambda: api.post("jobs/run-now", {"job_id": job})] * 4
    answers = all_at_once([*run_now, lambda: api.post("jobs/delete", {"job_id": job}), *run_now])
    answers.pop(4).ok()
    for answer in answers:
        if answer.status == 200:
            assert api.get("jobs/runs/get", run_id=answer.json["run_id"]).refused().endswith("does not exist.")
        else:
            assert answer.refused() == f"Job {job} does not exist."
    assert api.get("jobs/runs/list", job_id=job, active_only="true").ok().get("runs", []) == []
    # A process may have begun before its run was told to end.
    while gate.waiting(name):
        gate.peer(name).ends()


@pytest.mark.rule("B5", "negative")
def test_other_jobs_and_their_runs_stay(api, fixtures):
    kept, (run,) = fixtures.skipping_job(1)
    gone, _ = fixtures.skipping_job(1)
    api.post("jobs/delete", {"job_id": gone}).ok()
    assert api.get("jobs/get", job_id=kept).ok()["job_id"] == kept
    assert fixtures.run(run)["job_id"] == kept
