# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What Scala cells ask for: dbutils and display, answered by the same objects as in Python."""

import base64

from ..dbutils.notebook import NotebookExit


class Calls:
    """Implements org.lamplighter.runtime.NotebookCalls."""

    def __init__(self, run):
        self._run = run

    def call(self, name, first, second, third, fourth):
        arguments = [a for a in (first, second, third, fourth) if a is not None]
        try:
            return answer(self._perform(name, arguments))
        except NotebookExit:
            return "!the notebook ends here"
        except Exception as error:
            kind = type(error).__name__
            return f"!{kind}: {error}"

    def _perform(self, name, arguments):
        dbutils = self._run.dbutils
        if name == "display":
            return self._display(arguments[0])
        if name == "displayHTML":
            return self._run.display.html(arguments[0])
        if name == "notebook.run":
            parts = arguments[2].split("\0") if len(arguments) > 2 and arguments[2] else []
            return dbutils.notebook.run(arguments[0], arguments[1], dict(zip(parts[::2], parts[1::2])))
        if name in ("widgets.dropdown", "widgets.combobox", "widgets.multiselect"):
            arguments[2] = arguments[2].split("\0")
        part, _, method = name.partition(".")
        if part == "context":
            return getattr(dbutils.notebook.getContext(), method)().getOrElse(None)
        owner = getattr(dbutils, part) if method else dbutils
        result = getattr(owner, method or part)(*arguments)
        if name == "fs.ls":
            return [field for entry in result for field in entry]
        if name == "widgets.getAll":
            return [text for pair in result.items() for text in pair]
        if name == "secrets.getBytes":
            return base64.b64encode(result).decode()
        if name in ("secrets.list", "secrets.listScopes"):
            return [entry[0] for entry in result]
        return result

    def _display(self, value):
        if isinstance(value, str):
            self._run.show({"type": "text", "data": {"text/plain": value}})
            return
        from pyspark.sql import DataFrame, SparkSession

        self._run.display(DataFrame(value.toDF(), SparkSession.getActiveSession()))

    class Java:
        implements = ["org.lamplighter.runtime.NotebookCalls"]


def answer(value):
    if value is None or value == []:
        return "0"
    if isinstance(value, bool):
        return "=true" if value else "=false"
    return "=" + ("\0".join(map(str, value)) if isinstance(value, list) else str(value))
