# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A2: where parameters are, and that every good answer is JSON."""

import json

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import settings


@pytest.fixture(scope="module")
def two_jobs(fixtures):
    return fixtures.job(settings(name="one")), fixtures.job(settings(name="two"))


@pytest.mark.rule("A2", "positive")
def test_get_takes_the_query_string(api, two_jobs):
    assert api.get("jobs/get", job_id=two_jobs[0]).ok()["settings"]["name"] == "one"


@pytest.mark.rule("A2", "positive")
def test_get_takes_a_json_body(api, two_jobs):
    answer = api.request("GET", "/api/2.0/jobs/get", {"job_id": two_jobs[1]})
    assert answer.ok()["settings"]["name"] == "two"
    # As another client has it, without saying that it is JSON.
    answer = api.request("GET", "/api/2.0/jobs/get", {"job_id": str(two_jobs[1])},
                         headers={"Content-Type": "text/plain"})
    assert answer.ok()["settings"]["name"] == "two"


@pytest.mark.rule("A2", "positive")
def test_the_query_string_wins_over_the_body(api, two_jobs):
    answer = api.request("GET", "/api/2.0/jobs/get", {"job_id": two_jobs[1]}, query={"job_id": two_jobs[0]})
    assert answer.ok()["settings"]["name"] == "one"


@pytest.mark.rule("A2", "positive")
@pytest.mark.parametrize("content_type", [
    "application/json", "application/json; charset=utf-8", "application/x-www-form-urlencoded", "text/json",
    "text/plain", "application/octet-stream", "nonsense", None])
def test_post_takes_json_whatever_its_type_is_called(api, fixtures, content_type):
    body = json.dumps(settings(name=str(content_type)))
    headers = {"Content-Type": content_type} if content_type else {}
    job = api.request("POST", "/api/2.0/jobs/create", body, headers=headers).ok()["job_id"]
    assert api.get("jobs/get", job_id=job).ok()["settings"]["name"] == str(content_type)
    api.post("jobs/delete", {"job_id": job}).ok()


@pytest.mark.rule("A2", "positive")
def test_every_good_answer_is_a_json_object(api, fixtures):
    """Those with nothing to say answer {}: clients read the body of every answer."""
    job, (run,) = fixtures.skipping_job(1)
    assert api.post("jobs/reset", {"job_id": job, "new_settings": settings()}).ok() == {}
    assert api.post("jobs/update", {"job_id": job, "new_settings": {"name": "x"}}).ok() == {}
    assert api.post("jobs/runs/cancel", {"run_id": run}).ok() == {}
    assert api.post("jobs/runs/cancel-all", {"job_id": job}).ok() == {}
    assert api.post("jobs/runs/delete", {"run_id": run}).ok() == {}
    assert api.post("jobs/delete", {"job_id": job}).ok() == {}


BROKEN = ["{", "{]", '{"job_id": }', '{"job_id": 1,}', '{"job_id": 01}', "{'job_id': 1}", '{"job_id": 1} x', "\x00",
          '{"job_id": "\ud800"}'.encode("utf-8", "surrogatepass"), b'{"name": "\xff\xfe"}', "[" * 100_000,
          '{"a":' * 100_000, "job_id=1", '{"job_id": NaN}']


@pytest.mark.rule("A2", "negative")
@pytest.mark.rule("A3", "negative")
@pytest.mark.parametrize("body", BROKEN, ids=[repr(body[:20]) for body in BROKEN])
def test_what_is_not_json_is_malformed(api, body):
    with nothing_changes(api):
        for path in ("jobs/create", "jobs/delete", "jobs/runs/submit"):
            api.request("POST", f"/api/2.0/{path}", body).refused("MALFORMED_REQUEST")


@pytest.mark.rule("A2", "negative")
@pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true"])
def test_a_body_that_is_no_object_is_malformed(api, body):
    message = api.request("POST", "/api/2.0/jobs/create", body).refused("MALFORMED_REQUEST")
    assert "expected a map" in message


@pytest.mark.rule("A2", "negative")
@pytest.mark.parametrize("query", [{"job_id": "abc"}, {"job_id": "1 "}, {"job_id": "9" * 30}])
def test_a_query_is_read_as_strictly_as_a_body(api, query):
    assert "job_id" in api.get("jobs/get", **query).refused("MALFORMED_REQUEST")


@pytest.mark.rule("A2", "negative")
@pytest.mark.parametrize("body", [None, "", "{}", "  \n"])
def test_a_missing_parameter_is_named(api, body):
    assert "job_id" in api.request("POST", "/api/2.0/jobs/delete", body).refused()
    assert "job_id" in api.request("GET", "/api/2.0/jobs/get", body).refused()
