# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""One run of a notebook: its cells one after the other, until the last, an exit or an error."""

import os
import sys
import types

from . import cells, display, failures, paths
from .cells import languages, parse
from .dbutils import DBUtils
from .dbutils.notebook import NotebookExit
from .dbutils.widgets import WidgetValues
from .failures import CellFailed
from .secret_references import SecretReferences

# How deep %run may lead from notebook to notebook.
MAX_INCLUSIONS = 50
# How many runs may wait for each other by dbutils.notebook.run.
MAX_DEPTH = 30
# The Jobs API gives out the first megabyte of an exit value.
MAX_EXIT_VALUE = 1 << 20


class Run:
    def __init__(self, assignment, directory, shell, log, streams, server, environment):
        self.notebook = assignment["notebook"]
        self.context = assignment.get("context") or {}
        self.depth = assignment.get("depth", 0)
        self.max_depth = assignment.get("max_depth", MAX_DEPTH)
        self.directory, self.shell, self.log, self.streams = directory, shell, log, streams
        self.server, self.environment, self.redactor = server, environment, log.redactor
        self.secret_references = SecretReferences(server, self.redactor)
        parameters = assignment.get("parameters") or {}
        # Those of another notebook may refer to secrets; those of a job are as they were given.
        self.widgets = WidgetValues(self.secret_references.reveal(parameters) if self.depth > 0 else parameters)
        # Notebooks of %run as they were when they were first asked for.
        self.included = {}
        # The notebooks that are being run, from the outside in, and the index of the cell in each.
        self.stack = []
        # After a restart of Python: the positions below the outermost that were left.
        self.resume = []
        self.exit_value = None
        self.display = display.Display(log, streams)
        self.show = self.display.show
        self.dbutils = DBUtils(self)
        self._connect_shell()

    def _connect_shell(self):
        shell = self.shell
        shell.show, shell.has_event_loop = self.show, True
        shell.clear = lambda wait: (self.streams.finish(), self.log.clear(wait))
        shell.user_ns.update(
            dbutils=self.dbutils,
            display=self.display,
            displayHTML=self.display.html,
            getArgument=self.dbutils.widgets.getArgument,
        )

        # `from pyspark.dbutils import DBUtils` is how modules get theirs.
        module = types.ModuleType("pyspark.dbutils")
        module.DBUtils = lambda spark=None: self.dbutils
        sys.modules[module.__name__] = module

    @property
    def current_path(self):
        return self.stack[-1][0]["path"] if self.stack else self.notebook["path"]

    @property
    def place(self):
        notebook, index = self.stack[-1]
        return notebook["path"], index

    @property
    def label(self):
        """The name of the present cell in tracebacks; cells count from 1 for people."""
        notebook, index = self.stack[-1]
        return f"Cell {index + 1}" + (f" of {notebook['path']}" if len(self.stack) > 1 else "")

    # --- the whole run ------------------------------------------------------------------------------------------------

    def execute(self, first=0):
        """Runs the cells from an index on; returns None, or the failure that ended it."""
        commands = self.notebook["commands"]
        self.stack.append([self.notebook, first])
        for index in range(first, len(commands)):
            self.stack[0][1] = index
            if self.resume:
                self.log.cell = index  # within it Python was restarted
            else:
                self.log.begin(index, id=commands[index].get("id"))
            try:
                self.run_command(commands[index], self.notebook["language"])
                self.streams.finish()
                if self.exit_value is not None:
                    raise NotebookExit(self.exit_value)  # what the cell itself has caught
            except NotebookExit:
                self._write_exit_value()
                self.finish_cell("finished", exit=True)
                return None
            except CellFailed as failure:
                self.fail(failure)
                return failure
            self.finish_cell("finished")
        return None

    def finish_cell(self, state, **more):
        self.streams.finish()
        self.log.finish(state, **more)

    def fail(self, failure):
        """Shows the failure in the cell, and leaves it for the server."""
        self.streams.finish()
        self.stack = self.stack or [[self.notebook, 0]]
        path, cell = failure.place or self.place
        failure.message, failure.trace = self.redactor.text(failure.message), self.redactor.text(failure.trace)
        self.log.output({
            "type": "error", "name": failure.name, "message": failure.message, "trace": failure.trace,
            "line": failure.line, "notebook_path": path, "notebook_cell": cell,
        })  # fmt: skip
        index = self.stack[0][1]
        place = self.notebook["path"], index
        failures.write_error(self.directory, failure, place, self.notebook["commands"][index].get("id"))
        self.finish_cell("error")

    def _write_exit_value(self):
        value = self.redactor.text(self.exit_value)
        data = value.encode("utf-8", "surrogatepass")
        result = data[:MAX_EXIT_VALUE].decode("utf-8", "ignore")
        failures.write_json(
            self.directory, "notebook-output.json", {"result": result, "truncated": len(data) > MAX_EXIT_VALUE}
        )

    # --- one cell -----------------------------------------------------------------------------------------------------

    def run_command(self, command, language):
        try:
            cell = parse.parse(command["source"], language)
            if not parse.is_blank(cell) or cell.language in ("run", "fs"):
                languages.runner(cell.language)(cell.body, self)
        except CellFailed as failure:
            failure.place = failure.place or self.place
            raise
        except ValueError as error:
            # Of the magic itself: what cells run has been turned into a CellFailed by then.
            failure = failures.of_message(str(error))
            failure.place = self.place
            raise failure from None

    def run_python(self, source):
        self.shell.compile.label = label = self.label
        self.shell.traceback, self.shell.uncaught = "", None
        self.shell.run_cell(with_lines_kept(source), store_history=True)
        error = self.shell.uncaught
        if self.streams.is_elsewhere():
            self.end_fork(error)
        if error is None:
            return
        if isinstance(error, cells.ControlFlow):
            raise error
        raise failures.of_exception(error, self.shell.traceback or str(error), label) from None

    def end_fork(self, error):
        """Ends a process that the cell has forked at the end of that cell: it must not run the later cells."""
        if error is not None:
            print(self.shell.traceback, file=sys.stderr)
        self.streams.finish()
        os._exit(0 if error is None else 1)

    # --- %run ---------------------------------------------------------------------------------------------------------

    def include(self, path, arguments):
        """Runs another notebook's cells in this one's names."""
        path = paths.resolve(path, self.current_path)
        chain = [notebook["path"] for notebook, _ in self.stack]
        if path in chain:
            raise ValueError("%run goes round in a circle: " + " -> ".join([*chain[chain.index(path) :], path]))
        if len(chain) > MAX_INCLUSIONS:
            raise ValueError(
                f"%run of {path}: notebooks may include each other {MAX_INCLUSIONS} levels deep, no deeper"
            )
        notebook = self._included(path)
        first = self.resume.pop(0) if self.resume else 0
        self.stack.append([notebook, first])
        self.widgets.parameters.append(arguments)
        for index in range(first, len(notebook["commands"])):
            self.stack[-1][1] = index
            if parse.parse(notebook["commands"][index]["source"], notebook["language"]).language != "md":
                self.run_command(notebook["commands"][index], notebook["language"])
        # After an error, an exit or a restart the two stay, because those tell where they happened.
        self.widgets.parameters.pop()
        self.stack.pop()

    def _included(self, path):
        if path not in self.included:
            from .server import ServerError

            try:
                self.included[path] = self.server.call("notebooks/get", path=path)
            except ServerError as error:
                reason = "there is no such notebook" if error.status == 404 else str(error)
                raise ValueError(f"%run of {path}: {reason}") from None
        return self.included[path]

    @property
    def work_directory(self):
        return self.environment.get("TMPDIR") or os.getcwd()


def with_lines_kept(source):
    """IPython drops empty lines at the beginning, and so would count the others anew; a remark is kept. A magic of a
    whole cell has to be the first line."""
    rest = source.lstrip("\n")
    return source if rest.startswith("%%") else "#\n" * (len(source) - len(rest)) + rest
