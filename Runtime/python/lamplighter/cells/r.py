# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Cells in R, where R is installed: one R process for the notebook, which cells hand their source."""

import json
import os
import shutil
import subprocess
import sys
import threading

from ..failures import CellFailed

_MISSING = "R is not installed on this machine, so cells in R cannot run (no Rscript on PATH)"
# Reads the names of files with a cell's source each; answers with a line that ends with the marker.
_LOOP = r"""
options(device = function(...) png(file.path(Sys.getenv("LAMPLIGHTER_R_FOLDER"), "plot-%03d.png"), 800, 500))
local({
  input <- file("stdin", "r")
  answers <- file(Sys.getenv("LAMPLIGHTER_R_ANSWERS"), "w")
  while (length(path <- readLines(input, n = 1)) == 1) {
    message <- tryCatch({
      for (expression in parse(path, keep.source = FALSE)) {
        value <- withVisible(eval(expression, globalenv()))
        if (value$visible) print(value$value)
      }
      ""
    }, error = function(e) paste0("!", conditionMessage(e)), interrupt = function(e) "!interrupted")
    graphics.off()
    flush(stdout()); flush(stderr())
    cat(gsub("\n", "\\\\n", message), "\n", sep = "", file = answers); flush(answers)
  }
})
"""


def run(body, run):
    program = shutil.which("Rscript")
    if program is None:
        raise ValueError(_MISSING)
    if getattr(run, "r", None) is None:
        run.r = Interpreter(program, run)
    run.r.run(body)


class Interpreter:
    def __init__(self, program, run):
        self.run_ = run
        self.folder = os.path.join(run.work_directory, "r-cells")
        os.makedirs(self.folder, exist_ok=True)
        answers = os.path.join(self.folder, "answers")
        os.mkfifo(answers, 0o600)
        environment = {**os.environ, "LAMPLIGHTER_R_FOLDER": self.folder, "LAMPLIGHTER_R_ANSWERS": answers}
        loop = os.path.join(self.folder, "loop.R")
        with open(loop, "w", encoding="utf-8") as file:
            file.write(_LOOP)
        self.process = subprocess.Popen(
            [program, "--vanilla", loop], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        # Opened for both ways, so that neither side waits for the other to open it.
        self.answers = os.fdopen(os.open(answers, os.O_RDWR), encoding="utf-8", errors="replace")
        self.ended = threading.Event()
        threading.Thread(target=self.copy, daemon=True).start()

    def copy(self):
        while data := os.read(self.process.stdout.fileno(), 1 << 16):
            sys.stdout.write(data.decode("utf-8", "replace"))
        # Whoever waits for an answer gets one.
        with open(os.path.join(self.folder, "answers"), "w", encoding="utf-8") as file:
            file.write("!R has ended\n")

    def run(self, body):
        source = os.path.join(self.folder, "cell.R")
        with open(source, "w", encoding="utf-8") as file:
            # Settings by which Spark's R package would be found, and dbutils, are not there.
            file.write(body)
        self.process.stdin.write(source.encode() + b"\n")
        self.process.stdin.flush()
        answer = self.answers.readline().rstrip("\n")
        self.show_plots()
        if answer.startswith("!"):
            message = json.dumps(answer[1:])[1:-1].replace("\\\\n", "\n")
            raise CellFailed("RError", message, f"Error: {message}")

    def show_plots(self):
        import base64

        for name in sorted(os.listdir(self.folder)):
            if name.startswith("plot-"):
                path = os.path.join(self.folder, name)
                with open(path, "rb") as file:
                    data = base64.b64encode(file.read()).decode()
                os.unlink(path)
                self.run_.show({"type": "image", "data": {"image/png": data}})
