# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Why a cell failed: what is shown in it, and what the run says of itself."""

import json
import os
import re

from . import spark

LONGEST = 1 << 20
PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep
# At each end of a traceback that is too long.
MAX_FRAMES = 30


class CellFailed(Exception):
    """`line` counts from 1 in the cell at `place`, a pair of the notebook's path and the index of the cell; for code
    that came by %run that is another notebook than the run's. `line` is None if unknown."""

    def __init__(self, name, message, trace, line=None, place=None):
        super().__init__(message)
        self.name, self.message, self.trace, self.line, self.place = name, message, trace, line, place

    @property
    def summary(self):
        return f"{self.name}: {self.message}" if self.message else self.name


def of_exception(error, trace, label):
    """`label` is the name that the code of the cell was compiled under."""
    kind = type(error)
    is_plain = kind.__module__ in ("builtins", "__main__")
    name = kind.__qualname__ if is_plain else f"{kind.__module__}.{kind.__qualname__}"
    try:
        message = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:
        message = "<exception str() failed>"
    return CellFailed(name, message, trace, line_of(error, f"<{label}>"))


def shorten(error):
    """Leaves out frames of this package, and the middle of a deep stack: formatting the thousands of an endless
    recursion takes half a minute."""
    left_out = 0

    def choose(entries):
        nonlocal left_out
        entries = [e for e in entries if not e.tb_frame.f_code.co_filename.startswith(PACKAGE)]
        if len(entries) <= 2 * MAX_FRAMES:
            return entries
        left_out += len(entries) - 2 * MAX_FRAMES
        return entries[:MAX_FRAMES] + entries[-MAX_FRAMES:]

    spark.driver.keep_frames(error, choose)
    if left_out:
        error.add_note(f"[{left_out} frames in the middle are left out]")


def line_of(error, file):
    """The line of the cell that failed, or that called what failed."""
    if isinstance(error, SyntaxError) and error.filename == file:
        return error.lineno
    line, entry = None, error.__traceback__
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == file:
            line = entry.tb_lineno
        entry = entry.tb_next
    return line


def of_sql(error, statement):
    """Errors of Spark about a statement: its own words, without the way through Python and Java."""
    found = re.search(r"\bline (\d+),? pos", str(error))
    line = statement.line + (int(found[1]) - 1 if found else 0)
    message = str(error)
    return CellFailed(type(error).__name__, message.split("\n\nJVM stacktrace:")[0], message, line)


def of_message(message, line=None):
    """A cell that is wrong in itself: nothing of it was run."""
    return CellFailed("Error", message, message, line)


def write_json(directory, name, value):
    """A file of the task directory; a reader never sees half of it."""
    path = os.path.join(directory, name)
    draft = f"{path}.{os.getpid()}.tmp"
    with open(draft, "w", encoding="ascii") as file:
        json.dump(value, file)
    os.replace(draft, path)


def write_error(directory, failure, place, command_id):
    path, cell = failure.place or place
    write_json(directory, "error.json", {
        "error": failure.summary[:LONGEST],
        "error_trace": failure.trace[-LONGEST:],
        "cell": place[1],
        "command_id": command_id,
        "line": failure.line,
        "notebook_path": path,
        "notebook_cell": cell,
        "included": path != place[0],
    })  # fmt: skip
