# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""B2: finding jobs."""

import pytest

from contract.settings import settings


@pytest.mark.rule("B2", "positive")
def test_get_has_every_member_of_a_job(api, fixtures):
    job = api.get("jobs/get", job_id=fixtures.job(settings())).ok()
    assert isinstance(job["job_id"], int)
    assert isinstance(job["created_time"], int)
    assert job["creator_user_name"]
    assert job["run_as"] == job["creator_user_name"]
    assert job["settings"]["name"] == "conformance"


@pytest.mark.rule("B2", "positive")
def test_list_has_all_jobs_as_get_has_them(api, fixtures):
    """More of them than any page of it would hold."""
    made = [fixtures.job(settings(name=f"of many {number}")) for number in range(450)]
    listed = {job["job_id"]: job for job in api.get("jobs/list").ok()["jobs"]}
    assert set(made) <= set(listed)
    for job in (made[0], made[199], made[200], made[-1]):
        assert listed[job] == api.get("jobs/get", job_id=job).ok()
    for job in made:
        api.post("jobs/delete", {"job_id": job}).ok()


@pytest.mark.rule("B2", "positive")
def test_a_list_without_jobs_is_empty(new_server):
    with new_server() as target:
        assert target.api.get("jobs/list").ok().get("jobs", []) == []


@pytest.mark.rule("B2", "negative")
@pytest.mark.parametrize("job", [0, -1, 2**53, 2**63 - 1])
def test_a_job_that_never_was_is_not_found(api, job):
    assert api.get("jobs/get", job_id=job).refused() == f"Job {job} does not exist."


@pytest.mark.rule("B2", "negative")
def test_get_needs_an_id(api):
    assert "job_id" in api.get("jobs/get").refused()


@pytest.mark.rule("B2", "negative")
def test_the_job_behind_a_submitted_run_is_not_listed(api, fixtures):
    run = fixtures.submit(fixtures.echo())
    job = fixtures.succeeded(run)["job_id"]
    assert job not in [listed["job_id"] for listed in api.get("jobs/list").ok()["jobs"]]
