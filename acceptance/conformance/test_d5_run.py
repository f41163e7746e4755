# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""D5: every member of a run, in every kind of run."""

import urllib.parse

import pytest

from contract.client import Client
from contract.runs import check_run
from contract.settings import CLUSTER, contains, merged
from contract.fixtures import until


@pytest.mark.rule("D5", "positive")
def test_a_run_from_its_start_to_its_end(fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, name="of a job", libraries=[]))
    run = fixtures.run_now(job)
    peer = gate.peer(name)
    active = until(lambda: (found := fixtures.run(run))["state"]["life_cycle_state"] == "RUNNING" and found, "RUNNING")
    check_run(active)
    assert active["job_id"] == job and active["run_id"] == run
    assert active["run_name"] == "of a job"
    assert active["run_type"] == "JOB_RUN" and active["trigger"] == "ONE_TIME"
    assert active["cluster_instance"]["cluster_id"]
    assert contains(active["cluster_spec"], {"new_cluster": CLUSTER})
    assert active["task"]["spark_python_task"]["python_file"] == fixtures.uri("held.py")
    peer.order(exit=0)
    ended = fixtures.succeeded(run)
    check_run(ended)
    assert ended["state"]["state_message"] == ""
    assert ended["state"]["user_cancelled_or_timedout"] is False
    changing = {"state", "end_time", "setup_duration", "execution_duration", "cleanup_duration", "cluster_instance"}
    for member in set(active) - changing:
        assert ended[member] == active[member], member
    assert ended["cluster_instance"]["cluster_id"] == active["cluster_instance"]["cluster_id"]


@pytest.mark.rule("D5", "positive")
def test_a_run_that_failed(fixtures, gate):
    name = fixtures.name()
    run = fixtures.submit(fixtures.held(name))
    gate.peer(name).order(exit=3)
    failed = fixtures.ended(run)
    check_run(failed)
    assert (failed["state"]["life_cycle_state"], failed["state"]["result_state"]) == ("TERMINATED", "FAILED")
    assert failed["state"]["state_message"]
    assert failed["execution_duration"] > 0


@pytest.mark.rule("D5", "positive")
def test_a_run_that_was_skipped(fixtures):
    _, (run,) = fixtures.skipping_job(1)
    skipped = fixtures.run(run)
    check_run(skipped)
    assert skipped["state"]["life_cycle_state"] == "SKIPPED" and skipped["state"]["state_message"]
    assert "cluster_instance" not in skipped


@pytest.mark.rule("D5", "positive")
def test_a_run_that_the_service_could_not_begin(fixtures):
    run = fixtures.submit(fixtures.python("nobody.py"))
    check_run(fixtures.ended(run))


@pytest.mark.rule("D5", "positive")
def test_a_retry(fixtures, gate):
    name = fixtures.name()
    job = fixtures.job(fixtures.held(name, max_retries=2))
    first = fixtures.run_now(job)
    for code in (1, 1, 0):
        gate.peer(name).order(exit=code)
    attempts = until(lambda: len(found := fixtures.runs(job, completed_only="true")) == 3 and found, "three attempts")
    attempts.reverse()
    for number, attempt in enumerate(attempts):
        check_run(attempt)
        assert attempt["attempt_number"] == number
        assert attempt["original_attempt_run_id"] == first
        assert attempt["trigger"] == ("RETRY" if number else "ONE_TIME")
    assert [attempt["number_in_job"] for attempt in attempts] == [1, 2, 3]
    assert [attempt["state"]["result_state"] for attempt in attempts] == ["FAILED", "FAILED", "SUCCESS"]


@pytest.mark.rule("D5", "positive")
def test_a_run_that_the_scheduler_fired(api, fixtures):
    schedule = {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC", "pause_status": "UNPAUSED"}
    job = fixtures.job(fixtures.echo(schedule=schedule, max_concurrent_runs=0))
    fired = until(lambda: fixtures.runs(job), "the schedule to fire", 30)[-1]
    api.post("jobs/delete", {"job_id": job}).ok()
    check_run(fired)
    assert fired["trigger"] == "PERIODIC"
    assert contains(fired["schedule"], schedule)


@pytest.mark.rule("D5", "positive")
def test_the_cluster_is_as_it_was_when_the_run_was_made(api, fixtures):
    job, (run,) = fixtures.skipping_job(1)
    api.post("jobs/update", {"job_id": job, "new_settings": {
        "new_cluster": merged(CLUSTER, {"num_workers": 3}), "libraries": [{"jar": "dbfs:/a.jar"}]}}).ok()
    later = fixtures.run_now(job)
    assert fixtures.run(run)["cluster_spec"]["new_cluster"]["num_workers"] == 0
    assert fixtures.run(later)["cluster_spec"]["new_cluster"]["num_workers"] == 3
    assert fixtures.run(later)["cluster_spec"]["libraries"] == [{"jar": "dbfs:/a.jar"}]


@pytest.mark.rule("D5", "positive")
def test_its_page_is_there(api, fixtures):
    job, (run,) = fixtures.skipping_job(1)
    url = urllib.parse.urlsplit(fixtures.run(run)["run_page_url"])
    assert str(run) in url.fragment + url.path and str(job) in url.fragment + url.path
    page = Client(f"{url.scheme}://{url.netloc}", api.token).request("GET", f"{url.path}?{url.query}")
    assert page.status == 200, repr(page)
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.rule("D5", "negative")
@pytest.mark.parametrize("run", [0, -1, 2**53, 2**63 - 1])
def test_a_run_that_never_was(api, run):
    assert api.get("jobs/runs/get", run_id=run).refused() == f"Run {run} does not exist."


@pytest.mark.rule("D5", "negative")
def test_a_run_is_needed(api):
    assert "run_id" in api.get("jobs/runs/get").refused()
    assert "run_id" in api.get("jobs/runs/get", run_id="x").refused("MALFORMED_REQUEST")


@pytest.mark.rule("D5", "negative")
def test_a_retry_does_not_lose_the_parameters(fixtures, gate):
    """It runs with those of the run that it repeats, not with the job's."""
    name = fixtures.name()
    host, port = gate.address
    job = fixtures.job(fixtures.held("nobody asks for", max_retries=1))
    given = [host, str(port), name, "x"]
    fixtures.run_now(job, python_params=given)
    for code in (1, 0):
        peer = gate.peer(name)
        assert peer.hello["arguments"] == ["x"]
        peer.order(exit=code)
    attempts = until(lambda: len(found := fixtures.runs(job, completed_only="true")) == 2 and found, "two attempts")
    assert [attempt["overriding_parameters"] for attempt in attempts] == [{"python_params": given}] * 2
    assert gate.waiting("nobody asks for") == 0
