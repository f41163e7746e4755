# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in SQL: each statement by Spark; the result of the last one is shown, and is `_sqldf` in Python."""

import re
import sys

from .. import failures, spark
from . import statements

_CREATE_WIDGET = re.compile(
    r"CREATE\s+WIDGET\s+(TEXT|DROPDOWN|COMBOBOX|MULTISELECT)\s+(\w+)\s+DEFAULT\s+('(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")"
    r"(?:\s+CHOICES\s+(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_REMOVE_WIDGET = re.compile(r"REMOVE\s+WIDGET\s+(\w+)", re.IGNORECASE)
_MARKER = re.compile(r"(?<![\w:]):(\w+)")


def run(body, run):
    frame = None
    for statement in statements.split(body):
        try:
            frame = run_statement(statements.substitute(statement.text, run.widgets.value), run)
        except Exception as error:
            if isinstance(error, failures.CellFailed) or not is_of_spark(error):
                raise failures.of_exception(error, f"{type(error).__name__}: {error}", "") from None
            raise failures.of_sql(error, statement) from None
    if frame is None:
        return
    if not frame.columns:
        run.show({"type": "text", "data": {"text/plain": "OK"}})
        return
    run.shell.user_ns["_sqldf"] = frame
    try:
        run.display(frame)
    except Exception as error:
        raise failures.of_sql(error, statement) from None


def run_statement(text, run):
    """A DataFrame; None for what is about widgets."""
    if match := _CREATE_WIDGET.fullmatch(text):
        create_widget(match, run)
        return None
    if match := _REMOVE_WIDGET.fullmatch(text):
        run.widgets.remove(match[1])
        return None
    values = {name: run.widgets.value(name) for name in _MARKER.findall(text)}
    return spark.session().sql(text, args={n: v for n, v in values.items() if v is not None} or None)


def create_widget(match, run):
    kind, name, quoted, choices = match.groups()
    default = quoted[1:-1].replace(quoted[0] * 2, quoted[0])
    widgets = run.dbutils.widgets
    if kind.upper() == "TEXT":
        widgets.text(name, default)
        return
    if not choices:
        raise ValueError(f"the widget {name} needs CHOICES and a query that gives them")
    rows = spark.session().sql(choices).limit(1024).collect()
    getattr(widgets, kind.lower())(name, default, [str(row[0]) for row in rows])


def is_of_spark(error):
    base = getattr(sys.modules.get("pyspark.errors"), "PySparkException", ())
    return isinstance(error, base) or type(error).__module__.startswith("py4j.")
