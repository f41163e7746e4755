# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What is written to the descriptors 1 and 2 past Python, by libraries in C and by programs that a cell starts, is output
of the cell as well.

Both become pipes, which this process empties: a thread as it comes, and whoever shows something else, so that what was
written first is shown first. The JVM of Spark writes to the driver's log as before (launch.py).
"""

import codecs
import faulthandler
import os
import select
import threading

CHUNK = 1 << 16
# A program that never stops writing must not hold up the cell.
MAX_CHUNKS = 16
LOG_VARIABLES = "LAMPLIGHTER_LOG_STDOUT", "LAMPLIGHTER_LOG_STDERR"


class Capture:
    def __init__(self, flusher, log):
        self.log, self.flusher = log, flusher
        self.originals = [os.dup(stream.descriptor) for stream in flusher.streams]
        self.sources = [self._replace(stream) for stream in flusher.streams]
        # Unlike a poll object, it may be asked by several threads at a time.
        self.ready = select.epoll()
        for source in self.sources:
            self.ready.register(source.pipe, select.EPOLLIN)
        for name, original in zip(LOG_VARIABLES, self.originals):
            os.environ[name] = f"/proc/{flusher.process}/fd/{original}"
        # A crash ends the pipes' reader.
        faulthandler.enable(self.originals[1])
        threading.Thread(target=self._run, name="lamplighter-capture", daemon=True).start()

    def _replace(self, stream):
        reader, writer = os.pipe()
        os.dup2(writer, stream.descriptor)
        os.close(writer)
        os.set_blocking(reader, False)
        return Source(reader, stream)

    def drain(self):
        """Shows what is in the pipes now. A process that the notebook has forked leaves that to this one."""
        # This is done before each print, mostly in vain.
        if not self.ready.poll(0):
            return
        for source, original in zip(self.sources, self.originals):
            for _ in range(MAX_CHUNKS):
                with self.log.lock:
                    if self.flusher.is_elsewhere() or not source.move(original if self.log.is_closed else None):
                        break

    def _run(self):
        while True:
            for pipe, events in self.ready.poll():
                if not events & select.EPOLLIN:
                    self.ready.unregister(pipe)  # nobody can write any more
            self.drain()

    def end(self):
        """From now on everything goes to the driver's log, also what is left in the pipes."""
        for source, original in zip(self.sources, self.originals):
            os.dup2(original, source.stream.descriptor)
        self.drain()


class Source:
    """One pipe, and the stream that its bytes belong to."""

    def __init__(self, pipe, stream):
        self.pipe, self.stream = pipe, stream
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def move(self, instead):
        """One chunk, to the stream, or to the descriptor `instead`; False when there is none now."""
        try:
            data = os.read(self.pipe, CHUNK)
        except BlockingIOError:
            return False
        if not data:
            return False
        if instead is not None:
            os.write(instead, data)
        else:
            self.stream.append(self.decoder.decode(data))
        return True
