# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C9: jobs that run jobs, and pipelines."""

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings

NOBODY = 9_007_199_254_740_002


def runs_job(job):
    return {"run_job_task": {"job_id": job}}


@pytest.mark.rule("C9", "positive")
def test_jobs_may_run_each_other_in_a_row(api, fixtures):
    first = fixtures.job(settings())
    second = fixtures.job(runs_job(first))
    third = fixtures.job(runs_job(second))
    # Two ways to the same job are no circle.
    fourth = fixtures.job(runs_job(first))
    for job, target in ((second, first), (third, second), (fourth, first)):
        assert api.get("jobs/get", job_id=job).ok()["settings"]["run_job_task"]["job_id"] == target


@pytest.mark.rule("C9", "negative")
@pytest.mark.parametrize("job", [NOBODY, 0, -1])
def test_a_job_that_does_not_exist(api, standing_job, job):
    with nothing_changes(api):
        for path, prefix, body in (
                ("jobs/create", "", runs_job(job)), ("jobs/runs/submit", "", runs_job(job)),
                ("jobs/reset", "new_settings.", {"job_id": standing_job, "new_settings": runs_job(job)})):
            message = api.post(path, body).refused()
            assert str(job) in message and f"{prefix}run_job_task.job_id" in message


@pytest.mark.rule("C9", "negative")
def test_a_job_that_was_deleted(api, fixtures):
    job = fixtures.job(settings())
    api.post("jobs/delete", {"job_id": job}).ok()
    assert str(job) in api.post("jobs/create", runs_job(job)).refused()


@pytest.mark.rule("C9", "negative")
@pytest.mark.parametrize("path", ["jobs/reset", "jobs/update"])
def test_a_circle(api, fixtures, path):
    first = fixtures.job(settings())
    second = fixtures.job(runs_job(first))
    third = fixtures.job(runs_job(second))
    # An update leaves the cluster, which a job that runs a job has none of.
    api.post("jobs/reset", {"job_id": first, "new_settings": runs_job(fixtures.job(settings()))}).ok()
    with nothing_changes(api):
        for target in (first, second, third):
            message = api.post(path, {"job_id": first, "new_settings": runs_job(target)}).refused()
            assert "run_job_task.job_id" in message and str(first) in message and str(target) in message


@pytest.mark.rule("C9", "negative")
def test_a_pipeline_that_does_not_exist(api, standing_job):
    body = {"pipeline_task": {"pipeline_id": "6f1c-nobody"}}
    with nothing_changes(api):
        message = api.post("jobs/create", body).refused()
        api.post("jobs/runs/submit", body).refused()
        api.post("jobs/reset", {"job_id": standing_job, "new_settings": body}).refused()
    assert "6f1c-nobody" in message and "pipeline_task.pipeline_id" in message


@pytest.mark.rule("C9", "positive")
@pytest.mark.not_yet("there is no pipelines API to make a pipeline with")
def test_a_pipeline_that_exists(api, fixtures):
    pipeline = api.post("pipelines", {"name": fixtures.name(), "libraries": []}).ok()["pipeline_id"]
    fixtures.job({"pipeline_task": {"pipeline_id": pipeline}})
