# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A client's connection to a server that may die at any moment."""

import http.client
import json
import threading
import time

from journal import now

# A server that answers nothing for so long, deaths and starts included, is a fault.
PATIENCE_SECONDS = 60
ANSWER_SECONDS = 30


class Unanswered(Exception):
    """The request was sent, or may have been, and no answer came."""


class Connection:
    """Not for more than one thread."""

    def __init__(self, port, token, journal, random):
        self.port = port
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.journal = journal
        self.random = random
        self.connection = None
        self.pause = threading.Event()

    def get(self, path):
        """The answer of a GET; None where it was not 200."""
        status, answer = self._until_answered(lambda: self._exchange("GET", path, None), f"GET {path}")
        return answer if status == 200 else None

    def post(self, path, body, request, repeat=True, allowed=()):
        """Sends a request of the journal. With `repeat` again and again until it is acknowledged, else once.
        `allowed`: parts of messages of refusals that are no fault. Returns the answer; None: refused, or lost."""
        def exchange():
            request["attempts"] = request.get("attempts", 0) + 1
            try:
                return self._exchange("POST", path, body)
            except Unanswered:
                request["unanswered"] = request.get("unanswered", 0) + 1
                if repeat:
                    raise
                return None, None

        status, answer = self._until_answered(exchange, f"POST {path} {body}")
        if status == 200:
            request["answer"] = answer
            request["acked"] = now()
            return answer
        if status is not None:
            request["refused"] = answer
            if not any(text in json.dumps(answer) for text in allowed):
                self.journal.fault(f"POST {path} {json.dumps(body)[:300]}: {status} {answer}")
        return None

    def _until_answered(self, exchange, what):
        give_up = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return exchange()
            except (ConnectionError, Unanswered) as error:
                if time.monotonic() > give_up:
                    self.journal.fault(f"{what[:300]}: no answer within {PATIENCE_SECONDS} s: {error!r}")
                    return None, None
                self.pause.wait(self.random.uniform(0.02, 0.2))

    def _exchange(self, method, path, body):
        """Throws `ConnectionError` when nothing was sent."""
        if self.connection is None:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
            try:
                connection.connect()
            except OSError as error:
                raise ConnectionError(str(error)) from error
            self.connection = connection
        try:
            self.connection.request(
                method, f"/api/2.0/{path}", None if body is None else json.dumps(body), self.headers)
            response = self.connection.getresponse()
            text = response.read()
            return response.status, json.loads(text)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.connection.close()
            self.connection = None
            raise Unanswered(repr(error)) from error
