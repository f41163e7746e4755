# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Strings held by the suite: a program that a run starts connects back and does what it is told, so a check knows when
the program runs, keeps it running as long as it likes, and sees each of its processes end."""

import json
import queue
import socket
import threading


class Peer:
    """A process of a run: what it said of itself, and the line on which it waits for orders."""

    def __init__(self, connection, stream, hello):
        self._connection = connection
        self._stream = stream
        self.hello = hello

    def order(self, **order):
        """One of write=TEXT (to="stdout"), spawn=NAME, exit=CODE, fail=MESSAGE."""
        self._connection.sendall(json.dumps(order).encode() + b"\n")

    def ends(self, timeout=60):
        """Waits until the process is gone: the kernel closes what it had open, however it ended."""
        self._connection.settimeout(timeout)
        try:
            while self._stream.readline():
                pass
        except ConnectionResetError:
            pass
        except TimeoutError:
            raise AssertionError(f"the process {self.hello['name']} is still there after {timeout} s") from None

    def lives(self):
        """Whether the process is there and answers."""
        self.order(ping=True)
        self._connection.settimeout(30)
        return self._stream.readline() == b"pong\n"


class Gate:
    """Listens for processes. Each check gives its processes names of their own."""

    def __init__(self, host):
        self._listener = socket.create_server((host, 0))
        self.address = (host, self._listener.getsockname()[1])
        self._lock = threading.Lock()
        self._peers = {}
        threading.Thread(target=self._accept, daemon=True).start()

    def peer(self, name, timeout=90):
        """The next process of this name; waits until it is there."""
        try:
            return self._queue(name).get(timeout=timeout)
        except queue.Empty:
            raise AssertionError(f"no process {name} within {timeout} s") from None

    def waiting(self, name):
        """How many processes of this name have come that nobody has asked for."""
        return self._queue(name).qsize()

    def close(self):
        self._listener.close()

    def _queue(self, name):
        with self._lock:
            return self._peers.setdefault(name, queue.Queue())

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._greet, args=[connection], daemon=True).start()

    def _greet(self, connection):
        stream = connection.makefile("rb")
        try:
            hello = json.loads(stream.readline())
            self._queue(hello["name"]).put(Peer(connection, stream, hello))
        except (ValueError, KeyError, OSError):
            connection.close()
