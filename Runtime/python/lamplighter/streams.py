# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""sys.stdout and sys.stderr of a notebook: what is printed becomes output of the cell that runs."""

import codecs
import io
import os
import threading

from .capture import Capture

MAX_WAIT = 0.1
LARGEST_BUFFER = 1 << 15


class CellStream(io.TextIOBase):
    """Collects for a tenth of a second: a loop that prints makes few events, and a reader still sees it live."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, name, descriptor, log, flusher):
        self.cell_name = name
        self.descriptor = descriptor
        self.log = log
        self.flusher = flusher
        self.parts = []
        self.size = 0
        self.buffer = BytesOf(self)

    name = property(lambda self: f"<{self.cell_name}>")

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        """For programs that are started with this stream; what they write comes back by the capture."""
        return self.descriptor

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.flusher.drain()
        self.append(text)
        return len(text)

    def append(self, text):
        if not text:
            return
        with self.log.lock:
            # What was printed first is shown first, whichever of the two streams it went to.
            self.flusher.flush(but=self)
            self.parts.append(text)
            self.size += len(text)
            if self.size >= LARGEST_BUFFER or self.flusher.is_elsewhere():
                self.flush()
            else:
                self.flusher.wake_up()

    def flush(self):
        self.send(all_of_it=False)

    def send(self, all_of_it):
        with self.log.lock:
            text = "".join(self.parts)
            held = 0 if all_of_it else self.log.redactor.unfinished(text)
            rest = text[len(text) - held :] if held else ""
            self.parts = [rest] if rest else []
            self.size = len(rest)
            text = text[: len(text) - held]
            if text:
                self.log.stream(self.cell_name, text)


class BytesOf(io.BufferedIOBase):
    """`sys.stdout.buffer`: bytes of text in UTF-8, which may end within a character."""

    def __init__(self, stream):
        self.stream = stream
        self.decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")

    def writable(self):
        return True

    def write(self, data):
        self.stream.write(self.decoder.decode(bytes(data)))
        return len(data)

    def flush(self):
        self.stream.flush()

    def fileno(self):
        return self.stream.fileno()


class Flusher:
    """The thread that empties the streams; it is made when something is printed."""

    def __init__(self):
        self.streams = []
        self.drain = None
        self.process = os.getpid()
        self.thread = None
        self.work = threading.Event()

    def is_elsewhere(self):
        """True in a process that the notebook has forked: threads do not come along."""
        return os.getpid() != self.process

    def wake_up(self):
        if self.thread is None:
            self.thread = threading.Thread(target=self.run, name="lamplighter-output", daemon=True)
            self.thread.start()
        self.work.set()

    def run(self):
        from .events import OutputTooLarge

        pause = threading.Event()
        while True:
            self.work.wait()
            pause.wait(MAX_WAIT)
            self.work.clear()
            try:
                self.flush()
            except OutputTooLarge:
                return

    def flush(self, but=None):
        for stream in self.streams:
            if stream is not but and stream.parts:
                stream.send(all_of_it=False)

    def before_fork(self):
        if not self.is_elsewhere():
            self.finish()
        self.streams[0].log.lock.acquire()

    def finish(self):
        """At the end of a cell nothing is held back."""
        self.drain()
        for stream in self.streams:
            stream.send(all_of_it=True)

    def forget(self):
        """Nothing more is shown."""
        self.drain = lambda: None
        for stream in self.streams:
            stream.parts = []


def make_streams(log):
    flusher = Flusher()
    flusher.streams = [CellStream("stdout", 1, log, flusher), CellStream("stderr", 2, log, flusher)]
    # A process that the notebook forks must neither show again what waits here nor find a lock held for ever.
    os.register_at_fork(before=flusher.before_fork, after_in_parent=log.lock.release, after_in_child=log.forked)
    flusher.capture = Capture(flusher, log)
    flusher.drain = flusher.capture.drain
    return flusher
