# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What Airflow's operators send. Airflow itself is too large for a test; these are its requests: of 1.10's hook, which
puts the parameters of a GET into a JSON body, and of the first providers', which puts them into the query. Its
operators turn every number and every truth value into text."""

import time

import pytest
import requests

CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}
LIFE_CYCLE_STATES = {"PENDING", "RUNNING", "TERMINATING", "TERMINATED", "SKIPPED", "INTERNAL_ERROR"}


def as_text(value):
    if isinstance(value, dict):
        return {name: as_text(inner) for name, inner in value.items()}
    return [as_text(inner) for inner in value] if isinstance(value, list) else str(value)


class Hook:
    """`user` and `password` as in an Airflow connection: a login, or a token without one."""

    def __init__(self, front, parameters_in, basic):
        self.front, self.parameters_in = front, parameters_in
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = front.certificates
        if proxy := front.environment.get("HTTPS_PROXY"):
            self.session.proxies = {"https": proxy}
        self.session.headers["User-Agent"] = "airflow-1.10.15"
        token = front.server.token
        if basic:
            self.session.auth = ("token", token)
        else:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method, endpoint, parameters):
        place = "params" if method == "GET" and self.parameters_in == "query" else "json"
        answer = self.session.request(
            method, f"{self.front.url}/api/2.0/jobs/{endpoint}", timeout=60, **{place: parameters})
        answer.raise_for_status()
        return answer.json()

    def state(self, run_id):
        state = self.call("GET", "runs/get", {"run_id": run_id})["state"]
        assert state["life_cycle_state"] in LIFE_CYCLE_STATES
        assert isinstance(state["state_message"], str)  # it takes this without asking whether it is there
        return state

    def ended(self, run_id, timeout=120):
        deadline = time.monotonic() + timeout
        while True:
            state = self.state(run_id)
            if state["life_cycle_state"] in ("TERMINATED", "SKIPPED", "INTERNAL_ERROR"):
                return state
            assert time.monotonic() < deadline, state
            time.sleep(0.1)


@pytest.fixture(params=["body", "query"])
def hook(front, request):
    return Hook(front, request.param, basic=request.param == "body")


def test_submit_run_operator(hook, program, server):
    run_id = hook.call("POST", "runs/submit", as_text({
        "run_name": "a task of a DAG", "timeout_seconds": 3600, "new_cluster": CLUSTER,
        "spark_python_task": {"python_file": program("import sys; print(sys.argv[1:])"), "parameters": [1, 2.5, "x"]},
    }))["run_id"]
    assert isinstance(run_id, int)
    run = hook.call("GET", "runs/get", {"run_id": str(run_id)})
    assert run["run_page_url"].startswith(hook.front.url)
    assert hook.ended(run_id)["result_state"] == "SUCCESS"
    assert server.get(f"jobs/runs/get-output?run_id={run_id}").json["logs"] == "['1', '2.5', 'x']\n"


def test_run_now_operator(hook, program, server):
    job = server.post("jobs/create", {
        "existing_cluster_id": "default",
        "spark_python_task": {"python_file": program("import sys; print(sys.argv[1:])")}}).json["job_id"]
    run_id = hook.call("POST", "run-now", as_text({"job_id": job, "python_params": ["douglas adams", 42]}))["run_id"]
    assert hook.ended(run_id)["result_state"] == "SUCCESS"
    assert server.get(f"jobs/runs/get-output?run_id={run_id}").json["logs"] == "['douglas adams', '42']\n"
    assert hook.call("GET", "runs/get", {"run_id": run_id})["job_id"] == job


def test_a_failed_run_and_a_cancelled_one(hook, program):
    failing = {"existing_cluster_id": "default", "spark_python_task": {"python_file": program("1 / 0")}}
    state = hook.ended(hook.call("POST", "runs/submit", failing)["run_id"])
    assert state["result_state"] == "FAILED" and state["state_message"] == "ZeroDivisionError: division by zero"
    endless = {"existing_cluster_id": "default", "spark_python_task": {
        "python_file": program("import time\nwhile True: time.sleep(0.1)", "endless.py")}}
    run_id = hook.call("POST", "runs/submit", endless)["run_id"]
    assert hook.call("POST", "runs/cancel", {"run_id": str(run_id)}) == {}
    assert hook.ended(run_id)["result_state"] == "CANCELED"


def test_numbers_and_truth_values_sent_as_text_come_back_as_what_they_are(hook, program, server):
    settings = {
        "name": "all of it", "timeout_seconds": 7200, "max_retries": 3, "min_retry_interval_millis": 2000,
        "retry_on_timeout": True, "max_concurrent_runs": 4,
        "new_cluster": {
            "spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "enable_elastic_disk": True,
            "autoscale": {"min_workers": 2, "max_workers": 8},
            "aws_attributes": {
                "first_on_demand": 1, "availability": "SPOT_WITH_FALLBACK", "spot_bid_price_percent": 50,
                "ebs_volume_count": 2, "ebs_volume_size": 100, "ebs_volume_type": "GENERAL_PURPOSE_SSD"}},
        "email_notifications": {"on_failure": ["someone@example.com"], "no_alert_for_skipped_runs": True},
        "spark_python_task": {"python_file": program("print(1)")},
    }
    job = hook.call("POST", "create", as_text(settings))["job_id"]
    shown = hook.call("GET", "get", {"job_id": str(job)})["settings"]
    for name in settings.keys() - {"new_cluster"}:
        assert {name: shown[name]} == {name: settings[name]} or name == "spark_python_task", name
    cluster = shown["new_cluster"]
    assert cluster["autoscale"] == settings["new_cluster"]["autoscale"]
    assert cluster["enable_elastic_disk"] is True
    assert cluster["aws_attributes"].items() >= settings["new_cluster"]["aws_attributes"].items()


def test_an_unknown_run_is_a_client_error_that_is_not_tried_again(hook):
    """Airflow repeats what ends in 5xx; a 400 ends the task at once."""
    with pytest.raises(requests.HTTPError) as caught:
        hook.state(987654321)
    assert caught.value.response.status_code == 400
    assert "Run 987654321 does not exist." in caught.value.response.json()["message"]
