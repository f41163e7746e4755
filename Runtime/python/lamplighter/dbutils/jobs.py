# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.jobs"""

import json

from ..server import ServerError
from .describe import Describable

MAX_VALUE = 48 << 10


class TaskValues(Describable):
    """Provides utilities for leveraging job task values"""

    def __init__(self, server, secret_references):
        self._server = server
        self._references = secret_references

    def set(self, key, value):
        """Sets a task value, which later tasks of the same run can get. It can be anything that JSON can hold."""
        value = self._references.conceal(value)
        try:
            text = json.dumps(value, allow_nan=False)
        except ValueError:
            raise ValueError(f"The task value {key!r} holds a number that JSON cannot hold: {value!r}") from None
        if len(text.encode()) > MAX_VALUE:
            raise ValueError(
                f"The task value {key!r} has more than the {MAX_VALUE} bytes that one may have as JSON"
            )
        self._server.call("task-values/set", key=key, value=value)

    def get(self, taskKey, key, default=None, debugValue=None):
        """Gets the value that the task `taskKey` of the same run has set; the default where it has set none.
        debugValue counts only outside of jobs."""
        try:
            return self._references.reveal(self._server.call("task-values/get", task_key=taskKey, key=key)["value"])
        except ServerError as error:
            if error.status != 404:
                raise
        if default is None:
            raise ValueError(f"Task value with key {key!r} of the task {taskKey!r} does not exist")
        return default


class Jobs(Describable):
    """Utilities for leveraging jobs features"""

    _parts = ("taskValues",)

    def __init__(self, server, secret_references):
        self.taskValues = TaskValues(server, secret_references)
