# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in Scala: an interpreter in the JVM of Spark, with the same session."""

import os
import re
import sys
import threading

from .. import failures, spark
from . import scala_calls

_ERROR = re.compile(r"^([\w.$]*(?:Exception|Error|Failed|Throwable)[\w$]*)(?:: (.*))?$", re.MULTILINE)
_COMPILER = re.compile(r"error: (.*)")


def run(body, run):
    interpreter = interpreter_of(run)
    pipe = os.path.join(run.work_directory, f"scala-output-{os.getpid()}")
    if not os.path.exists(pipe):
        os.mkfifo(pipe, 0o600)
    reader = threading.Thread(target=copy, args=(pipe,), daemon=True)
    reader.start()
    answer = interpreter.run(body, pipe)
    reader.join()
    mark, text = answer[0], answer[1:]
    if run.exit_value is not None:
        return
    if mark == "=":
        sys.stdout.write(text)
        return
    raise failure(mark, text, body)


def copy(pipe):
    """What the cell prints, as it comes; opening waits until the JVM has the other end."""
    with open(pipe, encoding="utf-8", errors="replace", newline="") as file:
        while text := file.readline():
            sys.stdout.write(text)


def interpreter_of(run):
    """One for each run, made with its first Scala cell. It lives in the JVM, also while Python restarts."""
    if getattr(run, "scala", None) is None:
        from pyspark.java_gateway import ensure_callback_server_started

        session = spark.session()
        gateway = spark.gateway()
        ensure_callback_server_started(gateway)
        run.scala = gateway.jvm.org.lamplighter.runtime.ScalaCells.get(
            session._jsparkSession, scala_calls.Calls(run), os.environ["LAMPLIGHTER_SCALA_CLASSES"]
        )
    return run.scala


def failure(mark, text, body):
    if mark == "?":
        return failures.CellFailed("ScalaError", "the cell ends in the middle of an expression", text, None)
    if match := _COMPILER.search(text):
        return failures.CellFailed("CompileError", match[1], text, line_of(text, body))
    if match := _ERROR.search(text):
        return failures.CellFailed(match[1], match[2] or "", text, None)
    return failures.CellFailed("ScalaError", text.strip().split("\n")[0], text, None)


def line_of(text, body):
    """The compiler names the line where it can; else it shows its text above a caret."""
    if match := re.search(r"<(?:console|pastie)>:(\d+)|^On line (\d+): ", text, re.MULTILINE):
        return int(match[1] or match[2])
    if match := re.search(r"^(.*\S.*)\n\s*\^\s*\n?.*error: ", text, re.MULTILINE) or re.search(
        r"error: .*\n(.*\S.*)\n\s*\^", text
    ):
        lines = [line.strip() for line in body.split("\n")]
        if match[1].strip() in lines:
            return lines.index(match[1].strip()) + 1
    return None
