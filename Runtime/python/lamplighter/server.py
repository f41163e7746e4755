# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Calls to the server that started the run. It may be restarted meanwhile, on another port."""

import json
import time
import urllib.error
import urllib.request

MAX_OUTAGE = 300
CALL_TIMEOUT = 90


class ServerError(Exception):
    """The server's refusal, in its own words."""

    def __init__(self, code, message, status):
        super().__init__(message)
        self.code = code
        self.status = status


class Server:
    def __init__(self, environment):
        """Takes the run's token out of the environment: programs that cells start must not inherit it."""
        self.url = environment.get("LAMPLIGHTER_URL", "")
        # A file that holds the server's present address.
        self.address_file = environment.get("LAMPLIGHTER_URL_FILE")
        self.token = environment.pop("LAMPLIGHTER_RUN_TOKEN", "")

    def call(self, path, /, **body):
        """POST of an object, answered by an object. While nobody listens it is repeated: a request that must not be
        done twice carries a token of its own."""
        data = json.dumps(body).encode()
        end, pause = time.monotonic() + MAX_OUTAGE, 0.05
        while True:
            try:
                return self.post(path, data)
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if isinstance(error, urllib.error.HTTPError):
                    raise
                if time.monotonic() > end or not self.address():
                    reason = getattr(error, "reason", error)
                    raise ServerError("UNAVAILABLE", f"The Lamplighter server cannot be reached: {reason}", 0) from None
            time.sleep(pause)
            pause = min(pause * 2, 2)

    def post(self, path, data):
        address = self.address()
        if not address:
            raise ServerError("UNAVAILABLE", "This notebook was not started by a Lamplighter server.", 0)
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{address}/internal/run/{path}", data, headers, method="POST")
        try:
            # No proxy of a notebook's environment stands between the two.
            with _opener.open(request, timeout=CALL_TIMEOUT) as answer:
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            raise refusal(error) from None

    def address(self):
        if self.address_file:
            try:
                with open(self.address_file, encoding="utf-8") as file:
                    return file.read().strip().rstrip("/") or self.url
            except OSError:
                pass
        return self.url.rstrip("/")


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def refusal(error):
    try:
        body = json.loads(error.read())
        return ServerError(body.get("error_code", "INTERNAL_ERROR"), body.get("message", ""), error.code)
    except (ValueError, AttributeError, OSError):
        return ServerError(
            "INTERNAL_ERROR", f"The Lamplighter server answered with HTTP status {error.code}", error.code
        )
