#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Records a database and answers of a release, for `RecordedDatabaseTests`: every later release must migrate the
database and give the same answers, byte for byte.

    record.py PROGRAM DIRECTORY      PROGRAM: the release's `lamplighter`; writes DIRECTORY/database.db, answers.json

It makes jobs with every structure and task type that the release stores, runs in every state and of every type, and
settings that were reset, updated and deleted."""

import base64
import json
import os
import pathlib
import sqlite3
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "acceptance" / "support"))
os.environ["LAMPLIGHTER_PROGRAM"] = sys.argv[1]

import lamplighter  # noqa: E402

PUBLIC_URL = "http://lamplighter.test"
CLUSTER = {
    "spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "driver_node_type_id": "r3.2xlarge",
    "num_workers": 0, "cluster_name": "c", "spark_conf": {"spark.speculation": True, "spark.a": "é"},
    "spark_env_vars": {"A": "b"}, "custom_tags": {"team": "etl"}, "ssh_public_keys": ["ssh-rsa AAAA me@example.com"],
    "aws_attributes": {"availability": "SPOT", "zone_id": "us-west-2a", "first_on_demand": 1},
    "cluster_log_conf": {"dbfs": {"destination": "dbfs:/logs"}},
    "init_scripts": [{"dbfs": {"destination": "dbfs:/init.sh"}}], "enable_elastic_disk": True,
}
LIBRARIES = [
    {"jar": "dbfs:/a.jar"}, {"whl": "dbfs:/b-1.0-py3-none-any.whl"}, {"egg": "dbfs:/c.egg"},
    {"pypi": {"package": "simplejson==3.8.0", "repo": "https://pypi.example"}},
    {"maven": {"coordinates": "org.jsoup:jsoup:1.7.2", "exclusions": ["slf4j:slf4j"]}}, {"cran": {"package": "ada"}},
]


class Recorder:
    def __init__(self, server):
        self.server = server
        self.runs = []

    def post(self, path, /, **body):
        answer = self.server.post(path, body)
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer}")
        return answer.json

    def create(self, **settings):
        return self.post("jobs/create", **settings)["job_id"]

    def run(self, job, **body):
        return self.note(self.post("jobs/run-now", job_id=job, **body)["run_id"])

    def submit(self, **body):
        return self.note(self.post("jobs/runs/submit", **body)["run_id"])

    def note(self, run):
        self.runs.append(run)
        return run

    def state(self, run):
        return self.server.get(f"jobs/runs/get?run_id={run}").json["state"]["life_cycle_state"]

    def wait(self, run, *states):
        wanted = states or ("TERMINATED", "SKIPPED", "INTERNAL_ERROR")
        deadline = time.monotonic() + 180
        while self.state(run) not in wanted:
            if time.monotonic() > deadline:
                raise RuntimeError(f"run {run} did not come to {wanted}")
            time.sleep(0.1)

    def file(self, path, text):
        self.server.post("dbfs/put", {"path": path, "overwrite": True, "contents": _base64(text)})

    def notebook(self, path, text):
        self.post("workspace/import", path=path, language="PYTHON", format="SOURCE", overwrite=True,
                  content=_base64(text))


def _base64(text):
    return base64.b64encode(text.encode()).decode()


def jobs_that_only_stand(recorder):
    destination = recorder.post("notification-destinations", display_name="chat",
                                config={"generic_webhook": {"url": "https://example.com/hook"}})["id"]
    everything = {
        "name": "täglich \"all\" \\ / \u2028 😀", "new_cluster": CLUSTER, "libraries": LIBRARIES,
        "email_notifications": {"on_start": ["a@example.com"], "on_success": [], "on_failure": ["b@example.com"],
                                "on_duration_warning_threshold_exceeded": ["c@example.com"],
                                "no_alert_for_skipped_runs": True},
        "webhook_notifications": {"on_failure": [{"id": destination}]},
        "notification_settings": {"no_alert_for_skipped_runs": True, "no_alert_for_canceled_runs": True},
        "timeout_seconds": 3600, "max_retries": -1, "min_retry_interval_millis": 900000, "retry_on_timeout": True,
        "max_concurrent_runs": 10,
        "schedule": {"quartz_cron_expression": "0 15 22 L * ? *", "timezone_id": "America/Los_Angeles",
                     "pause_status": "PAUSED"},
        "health": {"rules": [{"metric": "RUN_DURATION_SECONDS", "operator": "GREATER_THAN", "value": 10}]},
        "notebook_task": {"notebook_path": "/Users/donald@duck.com/my-notebook", "revision_timestamp": 1700000000000,
                          "base_parameters": {"name": "John Doe", "age": "35"}, "source": "WORKSPACE"},
        "unknown_member": {"x": 1}, "new_thing": 2,
    }
    jobs = [recorder.create(**everything)]
    tasks = [
        {"spark_jar_task": {"main_class_name": "com.example.Main", "jar_uri": "dbfs:/a.jar", "parameters": ["a", "ü"]}},
        {"spark_python_task": {"python_file": "dbfs:/a.py"}},
        {"shell_command_task": {"command": ["echo", "x"], "env_vars": {"A": "1"}}},
        {"notebook_task": {"notebook_path": "/Shared/minimal"}},
    ]
    for task in tasks:
        jobs.append(recorder.create(existing_cluster_id="default", **task))
    jobs.append(recorder.create(new_cluster={"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge",
                                             "autoscale": {"min_workers": 1, "max_workers": 3}},
                                spark_submit_task={"parameters": ["--class", "org.example.Main", "dbfs:/a.jar"]}))
    jobs.append(recorder.create(name="starts another", run_job_task={"job_id": jobs[1]}))
    changed = recorder.create(name="changed", existing_cluster_id="default", timeout_seconds=5,
                              spark_python_task={"python_file": "dbfs:/a.py", "parameters": ["1"]})
    recorder.post("jobs/update", job_id=changed, new_settings={"name": "updated", "max_retries": 3},
                  fields_to_remove=["timeout_seconds"])
    gone = recorder.create(existing_cluster_id="default", spark_python_task={"python_file": "dbfs:/a.py"})
    recorder.post("jobs/delete", job_id=gone)
    return jobs + [changed, gone]


def runs_of_every_kind(recorder):
    recorder.file("/ok.py", "print('ok')\n")
    recorder.file("/fails.py", "raise ValueError('no')\n")
    recorder.file("/waits.py", "import time\ntime.sleep(600)\n")
    recorder.notebook("/Shared/child", "# Databricks notebook source\ndbutils.notebook.exit('7')\n")
    recorder.notebook("/Shared/parent", "# Databricks notebook source\n"
                                        "print(dbutils.notebook.run('/Shared/child', 60, {'a': 'b'}))\n")

    def python(name, file, **more):
        return recorder.create(name=name, existing_cluster_id="default",
                               spark_python_task={"python_file": file, "parameters": ["{{job_id}}"]}, **more)

    jobs = [python("succeeds", "dbfs:/ok.py", max_concurrent_runs=5)]
    recorder.wait(recorder.run(jobs[0]))
    recorder.wait(recorder.run(jobs[0], python_params=["john doe", "35", "/e"],
                               idempotency_token="once"))
    before = recorder.run(jobs[0])
    recorder.wait(before)
    # Runs keep the settings that they were created with.
    recorder.post("jobs/reset", job_id=jobs[0], new_settings={
        "name": "succeeds, with other settings", "new_cluster": CLUSTER, "libraries": [],
        "spark_python_task": {"python_file": "dbfs:/other.py"}})
    jobs.append(python("retries", "dbfs:/fails.py", max_retries=1))
    recorder.wait(recorder.run(jobs[-1]))
    retry = recorder.runs[-1] + 1
    recorder.wait(recorder.note(retry))
    jobs.append(python("waits to retry", "dbfs:/fails.py", max_retries=1, min_retry_interval_millis=2000000000))
    recorder.wait(recorder.run(jobs[-1]))
    recorder.note(recorder.runs[-1] + 1)
    jobs.append(python("is canceled", "dbfs:/waits.py"))
    canceled = recorder.run(jobs[-1])
    recorder.wait(canceled, "RUNNING")
    skipped = recorder.run(jobs[-1])
    recorder.post("jobs/runs/cancel", run_id=canceled)
    recorder.wait(canceled)
    recorder.wait(skipped)
    jobs.append(python("times out", "dbfs:/waits.py", timeout_seconds=1))
    recorder.wait(recorder.run(jobs[-1]))
    jobs.append(recorder.create(name="no cluster", existing_cluster_id="0000-000000-none",
                                spark_jar_task={"main_class_name": "A"}, libraries=[{"jar": "dbfs:/a.jar"}]))
    recorder.wait(recorder.run(jobs[-1], jar_params=["a"]))
    jobs.append(recorder.create(name="notebook", existing_cluster_id="default",
                                notebook_task={"notebook_path": "/Shared/parent", "base_parameters": {"x": "1"}}))
    parent = recorder.run(jobs[-1], notebook_params={"x": "2", "y": "u"})
    recorder.wait(parent)
    for relative in recorder.server.get(f"jobs/runs/cells?run_id={parent}").json["child_runs"]:
        recorder.note(relative["run_id"])
    recorder.wait(recorder.submit(run_name="submitted", existing_cluster_id="default", timeout_seconds=600,
                                  spark_python_task={"python_file": "dbfs:/ok.py"}))
    recorder.wait(recorder.submit(existing_cluster_id="default",
                                  shell_command_task={"command": ["sh", "-c", "exit 3"]}))
    jobs.append(python("scheduled", "dbfs:/ok.py", schedule={
        "quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC"}))
    deadline = time.monotonic() + 60
    while not (fired := recorder.server.get(f"jobs/runs/list?job_id={jobs[-1]}").json["runs"]):
        if time.monotonic() > deadline:
            raise RuntimeError("the schedule did not fire")
        time.sleep(0.1)
    recorder.post("jobs/update", job_id=jobs[-1], new_settings={
        "schedule": {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC", "pause_status": "PAUSED"}})
    time.sleep(2)
    for run in recorder.server.get(f"jobs/runs/list?job_id={jobs[-1]}").json["runs"]:
        recorder.note(run["run_id"])
        recorder.wait(run["run_id"])
    assert fired
    return jobs


def paths(jobs, runs):
    yield from (f"jobs/get?job_id={job}" for job in jobs + [999999])
    yield "jobs/list"
    yield from (f"jobs/runs/get?run_id={run}" for run in sorted(set(runs)) + [999999])
    queries = ["", "limit=3", "offset=4&limit=5", "active_only=true", "completed_only=true&limit=999",
               "run_type=JOB_RUN", "run_type=SUBMIT_RUN", "run_type=WORKFLOW_RUN", "offset=1000", "limit=0"]
    queries += [f"job_id={job}" for job in jobs]
    yield from (f"jobs/runs/list?{query}" for query in queries)


def record(directory):
    directory.mkdir(parents=True, exist_ok=True)
    with lamplighter.Server("--public-url", PUBLIC_URL) as server:
        recorder = Recorder(server)
        jobs = jobs_that_only_stand(recorder) + runs_of_every_kind(recorder)
        answers = {}
        for path in paths(jobs, recorder.runs):
            answer = server.get(path)
            answers["/api/2.0/" + path] = {"status": answer.status, "body": answer.text}
        server.stop()
        target = directory / "database.db"
        target.unlink(missing_ok=True)
        source = sqlite3.connect(server.data / "lamplighter.sqlite")
        source.execute("DELETE FROM access_tokens")
        source.commit()
        source.execute("VACUUM INTO ?", (str(target),))
        source.close()
    (directory / "answers.json").write_text(json.dumps(
        {"public_url": PUBLIC_URL, "answers": answers}, indent=1, ensure_ascii=False) + "\n")
    print(f"{len(answers)} answers, {target.stat().st_size} bytes of database, {len(recorder.runs)} runs")


if __name__ == "__main__":
    record(pathlib.Path(sys.argv[2]))
