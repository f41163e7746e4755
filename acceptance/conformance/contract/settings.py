# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Settings to begin with: valid, small, and changed by the checks."""

import copy

CLUSTER = {"spark_version": "7.3.x-scala2.12", "node_type_id": "r3.xlarge", "num_workers": 0}
BASE = {
    "name": "conformance",
    "new_cluster": CLUSTER,
    "spark_python_task": {"python_file": "dbfs:/conformance/program.py"},
}
TASKS = ("notebook_task", "spark_jar_task", "spark_python_task", "spark_submit_task", "pipeline_task", "run_job_task")


class Remove:
    """As a value of a change: the member is taken away."""

    def __repr__(self):
        return "REMOVE"

    def __deepcopy__(self, _):
        return self


REMOVE = Remove()


def merged(base, change):
    """`base` with the members of `change`, nested objects member by member."""
    result = copy.deepcopy(base)
    for key, value in change.items():
        if value is REMOVE:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            result[key] = merged(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def settings(**change):
    """The base with changed members; a task takes the place of the base's."""
    base = BASE
    if any(task in change for task in TASKS):
        base = merged(base, {"spark_python_task": REMOVE})
    return merged(base, change)


def contains(whole, part):
    """Whether every member of `part` is in `whole`, with lists as long and in the same order."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(key in whole and contains(whole[key], part[key]) for key in part)
    if isinstance(part, list):
        return isinstance(whole, list) and len(whole) == len(part) and all(map(contains, whole, part))
    return whole == part
