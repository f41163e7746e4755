# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Runs the notebook of one task: `kernel.py` (a cold start), or `begin` in a process that the fork_server has forked.

In: $LAMPLIGHTER_TASK_DIR/notebook.json. Out, in the same directory: notebook-events.jsonl as it runs; at the end
notebook-output.json, where dbutils.notebook.exit was called, or error.json. The exit status is 0 or 1.
"""

import atexit
import functools
import json
import logging
import os
import sys
import traceback
import warnings

if __name__ == "__main__":
    # Not the folder of this file, but the one above, holds the package; neither is a place of the notebook's modules.
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from lamplighter import failures, magics, restart, spark, streams, supervisor
from lamplighter.dbutils.library import RestartPython
from lamplighter.events import EventLog
from lamplighter.redaction import Redactor
from lamplighter.run import Run
from lamplighter.server import Server
from lamplighter.shell import make_shell

SECONDS_FOR_EXIT_HANDLERS = 60


def begin(shell, is_warm, state=None):
    """Does not return: the process ends with the run."""
    directory = os.environ["LAMPLIGHTER_TASK_DIR"]
    with open(os.path.join(directory, "notebook.json"), encoding="utf-8") as file:
        assignment = json.load(file)
    state = state or {}
    secrets = [*state.get("secrets", ()), *take_secrets(os.environ)]
    redactor = Redactor(secrets, tell=functools.partial(supervisor.hide, directory))
    log = EventLog(os.path.join(directory, "notebook-events.jsonl"), redactor)
    flusher = streams.make_streams(log)
    sys.stdout, sys.stderr = flusher.streams
    server = Server(os.environ)
    server.token = state.get("token") or server.token
    run = Run(assignment, directory, shell, log, flusher, server, os.environ)
    log.too_large = lambda: stop_for_output(run)
    prepare_process(run)
    if not state:
        log.write("started", pid=os.getpid(), warm=is_warm, cells=len(run.notebook["commands"]))
    try:
        failure = run.execute(restart.restore(run, state) if state else 0)
    except RestartPython:
        restart.become_new(run)
    except BaseException as error:
        # Not an error of a cell, which is a failure of that cell: a bug of the kernel, or an error of its environment.
        failure = failures.of_exception(error, traceback.format_exc(), "")
        run.fail(failure)
    end(run, failure)


def take_secrets(environment):
    """Values of secrets in the settings of the run's cluster; the variables are for this process alone."""
    return [environment.pop(name) for name in list(environment) if name.startswith("LAMPLIGHTER_REDACT_")]


def prepare_process(run):
    spark.driver.PROCESS = os.getpid()
    # The last of all exit handlers: those of the notebook may still use Spark.
    atexit.register(spark.driver.stop_spark)
    spark.prepare(os.environ, run.work_directory)
    spark.make_names(run.shell.user_ns, run.display)
    magics.register(run)
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    sys.argv = [run.notebook["path"]]
    # pyspark logs each error of a query to stderr as well, in JSON; the cell shows it as its error.
    logging.getLogger("SQLQueryContextLogger").disabled = True
    logging.getLogger("DataFrameQueryContextLogger").disabled = True
    warnings.filterwarnings("ignore", message="To exit: use 'exit'")


def end(run, failure):
    """A notebook ends with its last cell: threads that it has left are not waited for."""
    code = 0 if failure is None else 1
    spark.driver.exit_code = code
    run.log.write("ended", state="success" if failure is None else "failed")
    run.log.close()
    run.streams.capture.end()
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # what is left to say is for the driver's log
    spark.driver.set_deadline(SECONDS_FOR_EXIT_HANDLERS)
    atexit._run_exitfuncs()
    os._exit(code)


def stop_for_output(run):
    """A cell has shown too much. Called in the thread that showed it, with the log's lock held: no other can write.
    Its processes end with this one, by the supervisor."""
    if run.streams.is_elsewhere():
        os._exit(1)
    index = run.stack[0][1]
    message = (
        f"The output of the notebook is too large. Cause: the output of cell {index + 1} exceeds the limit of "
        f"{run.log.limit >> 20} MB ({run.log.limit} bytes)."
    )
    run.streams.forget()
    run.fail(failures.CellFailed("OutputTooLarge", message, message))
    run.log.write("ended", state="failed")
    os._exit(1)


def main():
    state = restart.take_state(sys.argv)
    os.environ.setdefault("IPYTHONDIR", os.path.join(os.environ.get("TMPDIR") or os.getcwd(), ".ipython"))
    sys.path[0] = ""
    begin(make_shell(), is_warm=False, state=state)


if __name__ == "__main__":
    main()
