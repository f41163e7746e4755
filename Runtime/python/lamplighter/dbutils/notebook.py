# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.notebook"""

import json
import uuid

from ..paths import resolve
from ..server import ServerError
from ..shell import ControlFlow
from .describe import Describable

SECONDS_PER_CALL = 20
# The message of a run is at most 1000 characters.
MAX_REASON = 700


class NotebookExit(ControlFlow):
    """dbutils.notebook.exit(value): the run ends here, and well."""

    def __init__(self, value):
        super().__init__(value)
        self.value = value


class WorkflowException(Exception):
    """The notebook that was run did not succeed."""


def deepest(reason):
    """Why a notebook has failed; where notebooks have run each other, the cause at the bottom is not to be lost."""
    reason = reason.removeprefix(f"{WorkflowException.__module__}.{WorkflowException.__name__}: ")
    return reason if len(reason) <= MAX_REASON else f"{reason[:150]} ... {reason[150 - MAX_REASON:]}"


class Notebook(Describable):
    """Utilities for the control flow of a notebook"""

    def __init__(self, run):
        self._run = run
        self.entry_point = EntryPoint(run)

    def exit(self, value=""):
        """This method lets you exit a notebook with a value"""
        self._run.exit_value = value if isinstance(value, str) else str(value)
        raise NotebookExit(self._run.exit_value)

    def run(self, path, timeout_seconds=0, arguments=None, **more):
        """This method runs a notebook as a run of its own and returns its exit value"""
        arguments = {**(arguments or {}), **more.pop("_arguments", {})}
        for name, value in arguments.items():
            if not isinstance(name, str) or not isinstance(value, str):
                raise TypeError(f"The argument {name!r} of the notebook must be a string, not {type(value).__name__}")
        path = resolve(path, self._run.current_path)
        if self._run.depth >= self._run.max_depth:
            raise WorkflowException(
                f"{path} cannot be run: notebooks may run each other {self._run.max_depth} levels deep, no deeper"
            )
        try:
            started = self._run.server.call(
                "notebooks/run", path=path, arguments=self._run.secret_references.conceal(arguments),
                timeout_seconds=timeout_seconds, idempotency_token=uuid.uuid4().hex,
            )  # fmt: skip
        except ServerError as error:
            raise WorkflowException(f"{path} cannot be run: {error}") from None
        self._run.show({"type": "notebook_run", "data": {"text/plain": f"Notebook run #{started['run_id']}"},
                        "run_id": started["run_id"], "path": path})  # fmt: skip
        return self._result(path, self._wait(started["run_id"]))

    def _wait(self, run_id):
        while True:
            state = self._run.server.call("notebooks/wait", run_id=run_id, seconds=SECONDS_PER_CALL)
            if state["life_cycle_state"] in ("TERMINATED", "SKIPPED", "INTERNAL_ERROR"):
                return state

    @staticmethod
    def _result(path, state):
        result = state.get("result_state") or state["life_cycle_state"]
        if result == "SUCCESS":
            return state.get("exit_value") or ""
        reason = deepest(state.get("error") or state.get("state_message") or "")
        raise WorkflowException(f"{path} {result}" + (f": {reason}" if reason else ""))

    def getContext(self):
        """The context of this run: see toJson()"""
        return Context(self._run)


class Optional:
    """Has the interface of a Scala Option seen from Python."""

    def __init__(self, value):
        self._value = value

    def get(self):
        if self._value is None:
            raise ValueError("None.get")
        return self._value

    def getOrElse(self, default):
        return default() if self._value is None and callable(default) else self._value or default

    def isDefined(self):
        return self._value is not None


class Context:
    """What notebooks read of themselves, mostly by entry_point.getDbutils().notebook().getContext()."""

    def __init__(self, run):
        self._run = run

    def notebookPath(self):
        return Optional(self._run.current_path)

    def currentRunId(self):
        return Optional(self._run.context.get("run_id"))

    def jobId(self):
        return Optional(self._run.context.get("job_id"))

    def userName(self):
        return Optional(self._run.context.get("user_name"))

    def clusterId(self):
        return Optional(self._run.context.get("cluster_id"))

    def apiUrl(self):
        """Where apiToken() opens the API with the rights of the run's user, while the run lives."""
        return Optional(self._run.server.address() or None)

    def apiToken(self):
        token = self._run.server.token
        self._run.redactor.add(token)
        return Optional(token or None)

    def tags(self):
        return {name: Optional(str(value)) for name, value in self._tags().items()}

    def toJson(self):
        tags = {name: str(value) for name, value in self._tags().items()}
        return json.dumps({"currentRunId": {"id": self._run.context.get("run_id")}, "tags": tags,
                           "extraContext": {"notebook_path": self._run.current_path}})  # fmt: skip

    safeToJson = toJson

    def _tags(self):
        context = self._run.context
        names = {"jobId": "job_id", "runId": "run_id", "multitaskParentRunId": "parent_run_id", "user": "user_name",
                 "clusterId": "cluster_id", "taskKey": "task_key", "notebookId": "notebook_id"}  # fmt: skip
        return {tag: context[name] for tag, name in names.items() if context.get(name) is not None}


class EntryPoint:
    """dbutils.notebook.entry_point, by which Python reaches Scala's dbutils at Databricks."""

    def __init__(self, run):
        self._run = run

    def getDbutils(self):
        return self

    def notebook(self):
        return self

    def getContext(self):
        return Context(self._run)

    def getCurrentBindings(self):
        return self._run.widgets.all()
