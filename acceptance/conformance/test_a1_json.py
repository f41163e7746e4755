# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A1: JSON in and out, lenient about how numbers and booleans are written, strict about their types."""

import json
import time

import pytest

from contract.fingerprint import nothing_changes
from contract.settings import merged, settings


@pytest.mark.rule("A1", "positive")
def test_text_of_any_script_comes_back_as_it_was(api, fixtures):
    name = "Nächtliches Trainieren 夜間訓練 🌒 \u0000 \" \\ \u2028 e\u0301".replace("\u0000", "\t")
    job = fixtures.job(settings(name=name))
    answer = api.get("jobs/get", job_id=job)
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.body.decode("utf-8"))["settings"]["name"] == name


@pytest.mark.rule("A1", "positive")
def test_numbers_may_be_decimal_strings(api, fixtures):
    job = fixtures.job(merged(settings(timeout_seconds="3600", max_retries="-1", max_concurrent_runs="2"),
                              {"new_cluster": {"num_workers": "1"}}))
    stored = api.get("jobs/get", job_id=str(job)).ok()["settings"]
    assert stored["timeout_seconds"] == 3600
    assert stored["max_retries"] == -1
    assert stored["max_concurrent_runs"] == 2
    assert stored["new_cluster"]["num_workers"] == 1
    assert api.post("jobs/runs/cancel-all", {"job_id": str(job)}).ok() == {}


@pytest.mark.rule("A1", "positive")
@pytest.mark.parametrize("text, meaning", [("true", True), ("True", True), ("false", False), ("False", False),
                                           (True, True), (False, False)])
def test_booleans_may_be_text(api, fixtures, text, meaning):
    job = fixtures.job(settings(retry_on_timeout=text))
    assert api.get("jobs/get", job_id=job).ok()["settings"]["retry_on_timeout"] is meaning


@pytest.mark.rule("A1", "positive")
def test_times_are_epoch_milliseconds_and_ids_fit_into_a_double(api, fixtures):
    before = int(time.time() * 1000)
    job = api.get("jobs/get", job_id=fixtures.job(settings())).ok()
    # A minute to spare, for clocks that differ.
    assert before - 60_000 <= job["created_time"] <= int(time.time() * 1000) + 60_000
    assert 0 < job["job_id"] < 2**53
    _, runs = fixtures.skipping_job(1)
    assert 0 < runs[0] < 2**53
    assert before - 60_000 <= fixtures.run(runs[0])["start_time"] <= int(time.time() * 1000) + 60_000


UNKNOWN = {"of_tomorrow": {"deep": [1]}, "new_cluster": {"runtime_engine": "PHOTON"},
           "libraries": [{"jar": "dbfs:/a.jar", "x": 1}]}


@pytest.mark.rule("A1", "positive")
def test_unknown_fields_are_no_error(api, fixtures):
    job = fixtures.job(settings(**UNKNOWN))
    assert api.get("jobs/get", job_id=job, of_tomorrow="1").ok()["job_id"] == job


@pytest.mark.rule("A1", "positive")
@pytest.mark.extension
def test_unknown_fields_are_named_in_a_warning(api):
    answer = api.post("jobs/create", settings(**UNKNOWN))
    warning = answer.headers["lamplighter-warning"]
    for path in ("of_tomorrow", "new_cluster.runtime_engine", "libraries[0].x"):
        assert path in warning
    api.post("jobs/delete", answer.ok()).ok()


@pytest.mark.rule("A1", "negative")
@pytest.mark.extension
def test_nothing_is_warned_of_without_reason(api):
    answer = api.post("jobs/create", settings())
    assert "lamplighter-warning" not in answer.headers
    api.post("jobs/delete", answer.ok()).ok()


WRONG_TYPES = [
    ("name", {"name": ["a"]}),
    ("timeout_seconds", {"timeout_seconds": "soon"}),
    ("timeout_seconds", {"timeout_seconds": 1.5}),
    ("timeout_seconds", {"timeout_seconds": "1.5"}),
    ("timeout_seconds", {"timeout_seconds": True}),
    ("timeout_seconds", {"timeout_seconds": 2**31}),
    ("timeout_seconds", {"timeout_seconds": 1e308}),
    ("max_retries", {"max_retries": {}}),
    ("retry_on_timeout", {"retry_on_timeout": "yes"}),
    ("retry_on_timeout", {"retry_on_timeout": 1}),
    ("libraries", {"libraries": {"jar": "dbfs:/a.jar"}}),
    ("libraries[1]", {"libraries": [{"jar": "dbfs:/a.jar"}, "dbfs:/b.jar"]}),
    ("libraries[0].pypi", {"libraries": [{"pypi": "requests"}]}),
    ("new_cluster", {"new_cluster": "small"}),
    ("new_cluster.num_workers", {"new_cluster": {"num_workers": "few"}}),
    ("new_cluster.spark_conf", {"new_cluster": {"spark_conf": ["a=b"]}}),
    ("new_cluster.custom_tags.a", {"new_cluster": {"custom_tags": {"a": {"b": 1}}}}),
    ("spark_python_task.parameters", {"spark_python_task": {"python_file": "dbfs:/a.py", "parameters": "-x"}}),
    ("spark_python_task.parameters[1]", {"spark_python_task": {"python_file": "dbfs:/a.py", "parameters": ["a", []]}}),
    ("email_notifications.on_start", {"email_notifications": {"on_start": "a@example.com"}}),
    ("schedule", {"schedule": "0 0 * * * ?"}),
]


@pytest.mark.rule("A1", "positive")
@pytest.mark.parametrize("path", ["jobs/list", "jobs/get", "jobs/runs/list", "dbfs/list"])
def test_and_so_are_unknown_parameters_of_reads(api, fixtures, path):
    """Also when the same question, without them, was just answered."""
    known = {"jobs/get": {"job_id": fixtures.job(settings())}, "dbfs/list": {"path": "/"}}.get(path, {})
    for _ in range(2):
        assert "lamplighter-warning" not in api.get(path, **known).headers
        assert "from_the_future" in api.get(path, from_the_future=1, **known).headers["lamplighter-warning"]


@pytest.mark.rule("A1", "negative")
@pytest.mark.rule("A3", "negative")
@pytest.mark.parametrize("path, change", WRONG_TYPES, ids=[f"{path} {change}"[:60] for path, change in WRONG_TYPES])
def test_a_known_field_of_a_wrong_type_is_named(api, path, change):
    with nothing_changes(api):
        message = api.post("jobs/create", settings(**change)).refused("MALFORMED_REQUEST")
    assert path in message


@pytest.mark.rule("A1", "negative")
@pytest.mark.parametrize("job_id", ["x", "1x", "", " 1", "0x10", "1.0", 1.5, True, [], {}, 2**63, -(2**63) - 1])
def test_an_id_is_an_integer(api, job_id):
    message = api.post("jobs/delete", {"job_id": job_id}).refused("MALFORMED_REQUEST")
    assert "job_id" in message
