# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in R, where R is installed: one R process for the notebook, which cells hand their source."""

import base64
import codecs
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import uuid

from ..failures import CellFailed

_MISSING = "R is not installed on this machine, so cells in R cannot run (there is no Rscript on PATH)"
# Reads the names of files with a cell's source each. What follows the marker on its output, up to the end of the line,
# is the answer: empty, or '!' and why the cell failed, lines separated by the character 30.
_LOOP = r"""
options(device = function(...) png(file.path(Sys.getenv("LAMPLIGHTER_R_FOLDER"), "plot-%03d.png"), 800, 500))
local({
  input <- file("stdin", "r")
  marker <- Sys.getenv("LAMPLIGHTER_R_MARKER")
  while (length(path <- readLines(input, n = 1)) == 1) {
    answer <- tryCatch({
      for (expression in parse(path, keep.source = FALSE, encoding = "UTF-8")) {
        value <- withVisible(eval(expression, globalenv()))
        if (value$visible) print(value$value)
      }
      ""
    }, error = function(e) paste0("!", gsub("\n", "\036", conditionMessage(e))), interrupt = function(e) "!interrupted")
    graphics.off()
    cat(marker, answer, "\n", sep = "")
    flush(stdout())
  }
})
"""


def run(body, run):
    program = shutil.which("Rscript")
    if program is None:
        raise ValueError(_MISSING)
    if getattr(run, "r", None) is None:
        run.r = Interpreter(program, run.work_directory)
    answer = run.r.evaluate(body)
    for image in run.r.take_plots():
        run.show({"type": "image", "data": {"image/png": image}})
    if answer:
        raise failure(answer)


def failure(answer):
    message = answer.removeprefix("!").replace("\x1e", "\n")
    # An error of the parser begins with its place.
    if match := re.match(r".*/cell\.R:(\d+):\d+: (.*)", message, re.DOTALL):
        return CellFailed("RError", match[2].split("\n")[0], f"Error: line {match[1]}: {match[2]}", int(match[1]))
    return CellFailed("RError", message, f"Error: {message}")


class Interpreter:
    def __init__(self, program, work_directory):
        self.folder = os.path.join(work_directory, "r-cells")
        os.makedirs(self.folder, exist_ok=True)
        self.marker = f"\x1e{uuid.uuid4().hex}:"
        loop = self.write("loop.R", _LOOP)
        environment = {**os.environ, "LAMPLIGHTER_R_FOLDER": self.folder, "LAMPLIGHTER_R_MARKER": self.marker}
        self.process = subprocess.Popen(
            [program, "--vanilla", loop], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.answers = queue.SimpleQueue()
        threading.Thread(target=self.copy, daemon=True).start()

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def copy(self):
        """Shows what R prints as it comes, but what may be the beginning of an answer."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            rest += decoder.decode(data)
            while self.marker in rest and "\n" in rest.partition(self.marker)[2]:
                text, _, rest = rest.partition(self.marker)
                answer, _, rest = rest.partition("\n")
                sys.stdout.write(text)
                self.answers.put(answer)
            start = rest.find("\x1e")
            shown = rest if start < 0 else rest[:start]
            sys.stdout.write(shown)
            rest = rest[len(shown) :]
        sys.stdout.write(rest)
        self.answers.put(f"!R has ended with status {self.process.wait()}")

    def evaluate(self, body):
        """Returns the answer: empty where all went well."""
        try:
            self.process.stdin.write(self.write("cell.R", body).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            pass  # R has ended; that is its answer
        return self.answers.get()

    def take_plots(self):
        for name in sorted(os.listdir(self.folder)):
            if name.startswith("plot-"):
                path = os.path.join(self.folder, name)
                with open(path, "rb") as file:
                    data = file.read()
                os.unlink(path)
                yield base64.b64encode(data).decode()
