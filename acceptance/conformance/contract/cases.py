# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A line of a table of field rules: a change of valid settings, and what becomes of it."""

import dataclasses

from contract.settings import REMOVE, settings

# What runs/submit takes of the settings of a job, by the specification.
SUBMITTED = {"new_cluster", "existing_cluster_id", "libraries", "timeout_seconds", "webhook_notifications",
             "notification_settings", "notebook_task", "spark_jar_task", "spark_python_task", "spark_submit_task",
             "pipeline_task", "run_job_task"}


@dataclasses.dataclass
class Case:
    rule: str
    change: dict
    # Of a bad one: the path in the message, and what else it has to say (what was given, what is allowed).
    path: str = ""
    says: tuple = ()
    code: str = "INVALID_PARAMETER_VALUE"
    # Of a good one: what is stored where that is not what was given.
    stored: dict | None = None

    @property
    def id(self):
        return f"{self.rule} {self.path} {shown(self.change)}"

    @property
    def settings(self):
        return settings(**self.change)

    @property
    def is_about_submit(self):
        return set(self.change) <= SUBMITTED

    @property
    def is_about_update(self):
        """A member that is missing from an update is not missing from the job."""
        return REMOVE not in self.change.values()


def good(rule, change, stored=None):
    return Case(rule, change, stored=stored)


def bad(rule, path, *says, code="INVALID_PARAMETER_VALUE", **change):
    return Case(rule, change, path, says, code)


def shown(value):
    text = ascii(value).replace("'", "")
    return text if len(text) <= 100 else f"{text[:80]}...{len(text)}"


def cluster(**change):
    """A change of the cluster."""
    return {"new_cluster": change}
