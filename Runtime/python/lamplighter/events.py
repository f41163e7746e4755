# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The event log of a run: what its cells do and show, a JSON object a line, as it happens.

A line is written by one call in append mode. So a reader sees whole lines but for the last, and processes that a cell
forks may write as well.
"""

import json
import os
import threading
import time

OUTPUT_LIMIT = 8 << 20


class OutputTooLarge(BaseException):
    """A cell has shown more than a cell may."""


class EventLog:
    def __init__(self, path, redactor, limit=OUTPUT_LIMIT):
        self.redactor = redactor
        self.limit = limit
        self.lock = threading.RLock()
        self.cell = None
        self.shown = 0
        self.is_closed = False
        self.too_large = lambda: None
        self.file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def write(self, event, **fields):
        line = json.dumps({"event": event, "time": time.time_ns() // 1_000_000, **fields}) + "\n"
        data = line.encode("ascii")
        with self.lock:
            if self.is_closed:
                return
            while data:
                data = data[os.write(self.file, data) :]

    def forked(self):
        self.lock = threading.RLock()

    # --- cells ----------------------------------------------------------------------------------------------------

    def begin(self, cell, **fields):
        with self.lock:
            self.cell, self.shown = cell, 0
            self.write("cell_started", cell=cell, **fields)

    def finish(self, state, **fields):
        with self.lock:
            # What its threads still print belongs to it, until the next cell begins.
            self.write("cell_finished", cell=self.cell, state=state, **fields)

    def close(self):
        """Ends the log: what threads of the notebook still print is dropped."""
        with self.lock:
            self.is_closed = True

    # --- output ---------------------------------------------------------------------------------------------------

    def stream(self, name, text):
        text = self.redactor.text(text)
        with self.lock:
            space = self.limit - self.shown
            size = len(text.encode("utf-8", "surrogatepass"))
            if size > space:
                kept = text.encode("utf-8", "surrogatepass")[:space].decode("utf-8", "ignore")
                if kept:
                    self.write("output", cell=self.cell, output={"type": "stream", "name": name, "text": kept})
                self.refuse()
            self.shown += size
            self.write("output", cell=self.cell, output={"type": "stream", "name": name, "text": text})

    def output(self, output, event="output"):
        """Anything but a stream; counts as many bytes as its JSON has."""
        output = self.redactor.output(output)
        size = len(json.dumps(output, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        with self.lock:
            if output["type"] != "error" and size > self.limit - self.shown:
                self.refuse()
            self.shown += size
            self.write(event, cell=self.cell, output=output)

    def clear(self, wait):
        """A cell takes back what it has shown; with `wait`, once it shows something new."""
        with self.lock:
            self.write("clear", cell=self.cell, wait=bool(wait))

    def refuse(self):
        self.too_large()
        raise OutputTooLarge
