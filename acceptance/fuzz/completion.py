# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Turns random data that fits the schema into requests that have a chance: the schema cannot say "exactly one of these
members" or "the id of a job that exists", and a fuzzer whose every request is refused tests the refusals alone."""

import base64
import json
import random

TASKS = {
    "notebook_task": {"notebook_path": "/a"}, "spark_jar_task": {"main_class_name": "a.B"},
    "spark_python_task": {"python_file": "dbfs:/a.py"}, "spark_submit_task": {"parameters": ["dbfs:/a.py"]},
    "shell_command_task": {"command": ["true"]},
}
LIBRARIES = {"jar": "dbfs:/a.jar", "egg": "dbfs:/a.egg", "whl": "dbfs:/a-1.0-py3-none-any.whl",
             "pypi": {"package": "a"}, "maven": {"coordinates": "a:b:1"}, "cran": {"package": "a"}}
CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge"}
DESTINATIONS = {"email": {"addresses": ["a@example.com"]}, "slack": {"url": "https://slack.example.com/x"},
                "microsoft_teams": {"url": "https://teams.example.com/x"}, "pagerduty": {"integration_key": "x"},
                "generic_webhook": {"url": "https://hook.example.com/x"}}
REMOVABLE = ["schedule", "max_retries", "timeout_seconds", "name", "email_notifications", "libraries", "health"]
SCHEDULES = ["0 15 22 * * ?", "0 0 3 ? * MON-FRI", "0 0 0 L * ?"]


class Completion:
    """Knows the ids that requests may name. The same data always becomes the same request."""

    def __init__(self):
        self.jobs = []
        self.runs = []
        self.destinations = []
        self.handles = []

    def complete(self, path, body, query, path_parameters, names_ids):
        """Changes the parameters in place; leaves some as they are."""
        dice = random.Random(json.dumps([path, body, query], sort_keys=True, default=str))
        if dice.random() < 0.2:
            return
        for parameters in (body, query, path_parameters):
            if isinstance(parameters, dict):
                if names_ids:
                    self.ids(parameters, dice)
                if "/dbfs/" in path:
                    self.files(parameters)
        if isinstance(body, dict):
            self.body(path, body, dice)

    def body(self, path, body, dice):
        if path.endswith(("jobs/create", "jobs/validate", "runs/submit")):
            self.settings(body, dice)
        elif path.endswith("jobs/reset"):
            self.settings(body.setdefault("new_settings", {}), dice)
        elif path.endswith("jobs/update"):
            self.settings(body.get("new_settings"), dice)
            body["fields_to_remove"] = dice.sample(REMOVABLE, dice.randrange(3))
        elif path.endswith("run-now"):
            kinds = [name for name in body if name.endswith("_params")]
            for name in kinds[1:]:
                del body[name]
        elif "notification-destinations" in path and isinstance(body.get("config"), dict):
            kind = self.one_of(body["config"], DESTINATIONS, dice)
            body["config"] = {kind: DESTINATIONS[kind]}

    def ids(self, parameters, dice):
        for name, known in (("job_id", self.jobs), ("run_id", self.runs), ("id", self.destinations),
                            ("handle", self.handles)):
            if name in parameters and known and dice.random() < 0.8:
                parameters[name] = dice.choice(known)

    @staticmethod
    def files(parameters):
        for name in ("path", "source_path", "destination_path"):
            if isinstance(parameters.get(name), str):
                # Few names, so that requests meet each other's files.
                parameters[name] = "/fuzz/" + parameters[name].replace("/", "").replace("\0", "").replace(".", "")[:1]
        for name in ("contents", "data"):
            if isinstance(parameters.get(name), str):
                parameters[name] = base64.b64encode(parameters[name].encode(errors="replace")).decode()
        if isinstance(parameters.get("length"), int):
            parameters["length"] %= 1024 * 1024

    def settings(self, settings, dice):
        if not isinstance(settings, dict):
            return
        task = self.one_of(settings, TASKS, dice)
        for name in ("pipeline_task", "run_job_task"):
            settings.pop(name, None)
        if isinstance(settings.get(task), dict):
            settings[task].update(TASKS[task])
        self.cluster(settings, task, dice)
        settings["libraries"] = [self.library(library, dice) for library in settings.get("libraries") or []
                                 if isinstance(library, dict) and task != "spark_submit_task"]
        if isinstance(settings.get("schedule"), dict):
            settings["schedule"].update(quartz_cron_expression=dice.choice(SCHEDULES), timezone_id="UTC")
        self.notifications(settings, dice)

    @staticmethod
    def one_of(parent, members, dice):
        """Keeps one member of an either-or group; its name."""
        given = [name for name in members if name in parent]
        kept = dice.choice(given or list(members))
        for name in given:
            if name != kept:
                del parent[name]
        parent.setdefault(kept, members[kept])
        return kept

    def cluster(self, settings, task, dice):
        choice = self.one_of(settings, {"new_cluster": {}, "existing_cluster_id": "x"}, dice)
        if task == "spark_submit_task" and choice == "existing_cluster_id":
            del settings["existing_cluster_id"]
            choice = "new_cluster"
        if choice == "existing_cluster_id":
            settings[choice] = settings[choice] or "x"
            return
        cluster = settings.setdefault("new_cluster", {})
        cluster.update(CLUSTER)
        self.one_of(cluster, {"num_workers": 1, "autoscale": {"min_workers": 1, "max_workers": 2}}, dice)
        if isinstance(cluster.get("autoscale"), dict):
            cluster["autoscale"] = {"min_workers": 1, "max_workers": 2}
        # What refers to places, and what only ASCII may stand in.
        for name in ("cluster_log_conf", "init_scripts", "driver_instance_pool_id", "spark_env_vars", "aws_attributes"):
            if dice.random() < 0.8:
                cluster.pop(name, None)
        if task == "spark_submit_task":
            cluster.pop("spark_conf", None)

    def library(self, library, dice):
        kind = self.one_of(library, LIBRARIES, dice)
        if isinstance(library[kind], dict):
            return {kind: {**library[kind], **LIBRARIES[kind]}}
        return {kind: LIBRARIES[kind]}

    def notifications(self, settings, dice):
        for name, lists in ((name, settings.get(name)) for name in ("email_notifications", "webhook_notifications")):
            if not isinstance(lists, dict):
                continue
            for event, entries in lists.items():
                if isinstance(entries, list):
                    lists[event] = (["a@example.com"] * len(entries[:3]) if name == "email_notifications" else
                                    [{"id": dice.choice(self.destinations)} for _ in entries[:3] if self.destinations])
        rules = settings.get("health", {}).get("rules") if isinstance(settings.get("health"), dict) else None
        for rule in rules or []:
            if isinstance(rule, dict):
                rule.update(metric="RUN_DURATION_SECONDS", operator="GREATER_THAN", value=dice.randrange(1, 2**31))
