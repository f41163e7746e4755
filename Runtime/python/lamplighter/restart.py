# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbutils.library.restartPython: the process executes itself anew, and goes on with the next cell."""

import json
import os
import sys

from . import spark


def become_new(run):
    """What outlives the restart goes through memory that only the next program can read: secrets are in it."""
    run.streams.capture.end()
    run.streams.finish()
    positions = [index for _, index in run.stack]
    # The cell itself counts as done, but not those around it, whose %run goes on.
    positions[-1] += 1
    if len(positions) == 1:
        run.log.finish("finished")
    state = {
        "positions": positions,
        "shown": run.log.shown,
        "secrets": sorted(run.redactor.values),
        "secret_references": run.secret_references.known,
        "token": run.server.token,
        "included": run.included,
        "widgets": [run.widgets.parameters[0], run.widgets.defaults, sorted(run.widgets.removed)],
        "spark": spark.hand_over(),
    }
    descriptor = os.memfd_create("lamplighter-restart", 0)
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(json.dumps(state).encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.set_inheritable(descriptor, True)
    kernel = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernel.py")
    os.execve(sys.executable, [sys.executable, kernel, "--state", str(descriptor)], os.environ)


def take_state(arguments):
    """The state that a former process has left, or None."""
    if len(arguments) != 3 or arguments[1] != "--state":
        return None
    with os.fdopen(int(arguments[2]), "rb") as file:
        return json.loads(file.read())


def restore(run, state):
    """Returns the index of the cell to go on with."""
    first, *run.resume = state["positions"]
    run.log.shown = state["shown"]
    run.secret_references.known = state["secret_references"]
    run.included = state["included"]
    run.widgets.parameters[0], run.widgets.defaults, removed = state["widgets"]
    run.widgets.removed = set(removed)
    if state["spark"]:
        spark.take_over(state["spark"])
    return first
