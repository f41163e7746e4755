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
_COMPILER = re.compile(r"error: .*(?:\n +(?:found   |required) *:.*)*")
# Of ScalaCells.run.
_ANSWER = re.compile(r"(?:!(\d+))?([=!?])(.*)", re.DOTALL)


def run(body, run):
    interpreter = interpreter_of(run)
    pipe = os.path.join(run.work_directory, f"scala-output-{os.getpid()}")
    if not os.path.exists(pipe):
        os.mkfifo(pipe, 0o600)
    reader = threading.Thread(target=copy, args=(pipe,), daemon=True)
    reader.start()
    answer = interpreter.run(body, pipe)
    reader.join()
    line, mark, text = _ANSWER.fullmatch(answer).groups()
    if run.exit_value is not None:
        return
    if mark == "=":
        sys.stdout.write(text)
        return
    raise failure(mark, text, body, line and int(line))


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


def failure(mark, text, body, line):
    if mark == "?":
        return failures.CellFailed("ScalaError", "the cell ends in the middle of an expression", text, None)
    if match := _COMPILER.search(text):
        # `type mismatch;` and its like go on in the next lines.
        message = " ".join(match[0].removeprefix("error: ").split())
        return failures.CellFailed("CompileError", message, with_source(text, body), line_of(text, body))
    if match := _ERROR.search(text):
        return failures.CellFailed(match[1], match[2] or "", text, line)
    return failures.CellFailed("ScalaError", text.strip().split("\n")[0], text, line)


def with_source(text, body):
    """Of a cell with one line the compiler shows the caret alone."""
    return "\n".join([" " * 7 + body.strip(), text]) if re.match(r" +\^\n", text) else text


def line_of(text, body):
    """The compiler names the line where it can; else it shows its text above a caret."""
    if match := re.search(r"<(?:console|pastie)>:(\d+)|^On line (\d+): ", text, re.MULTILINE):
        return int(match[1] or match[2])
    if body.strip() and "\n" not in body.strip():
        return body.split(body.strip())[0].count("\n") + 1
    if match := re.search(r"^(.*\S.*)\n\s*\^\s*\n?.*error: ", text, re.MULTILINE) or re.search(
        r"error: .*\n(.*\S.*)\n\s*\^", text
    ):
        lines = [line.strip() for line in body.split("\n")]
        if match[1].strip() in lines:
            return lines.index(match[1].strip()) + 1
    return None
