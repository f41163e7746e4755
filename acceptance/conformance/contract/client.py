# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""HTTP as plain as it comes: one request, one answer, nothing retried and nothing followed."""

import http.client
import json
import urllib.parse


class Answer:
    """What came back: `status`, `headers` (by lower-case name), `body` in bytes."""

    def __init__(self, asked, status, headers, body):
        self.asked = asked
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        assert self.headers.get("content-type", "").split(";")[0] == "application/json", f"not JSON: {self!r}"
        return json.loads(self.body)

    @property
    def error_code(self):
        return self.json["error_code"]

    @property
    def message(self):
        return self.json["message"]

    def ok(self):
        """The JSON of an answer that has to be 200."""
        assert self.status == 200, repr(self)
        assert isinstance(self.json, dict), repr(self)
        return self.json

    def refused(self, code="INVALID_PARAMETER_VALUE", status=400):
        """The message of an answer that has to be this error."""
        assert self.status == status, repr(self)
        assert self.error_code == code, repr(self)
        assert isinstance(self.message, str) and self.message, repr(self)
        return self.message

    def __repr__(self):
        return f"<{self.asked} -> {self.status} {self.body[:600].decode('utf-8', 'replace')}>"


class Client:
    """A base URL such as http://127.0.0.1:8080, and a token."""

    def __init__(self, url, token, timeout=60):
        self.url = url.rstrip("/")
        self.token = token
        self.timeout = timeout

    def get(self, path, /, **query):
        """`path` below /api/2.0/."""
        return self.request("GET", f"/api/2.0/{path}", query=query)

    def post(self, path, body):
        return self.request("POST", f"/api/2.0/{path}", body)

    def request(self, method, path, body=None, query=None, headers=None):
        """`body` is bytes, text, or what is sent as JSON. `headers` replace those that are sent otherwise, also with
        None: not sent at all."""
        if query:
            path += "?" + urllib.parse.urlencode(query)
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        sent = {"Authorization": f"Bearer {self.token}", **(headers or {})}
        connection = self.connection()
        try:
            connection.request(method, self.base_path + path, body, {k: v for k, v in sent.items() if v is not None})
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            shown = (body or b"")[:300].decode("utf-8", "replace")
            return Answer(f"{method} {path} {shown}", response.status, headers, response.read())
        finally:
            connection.close()

    def connection(self):
        parts = urllib.parse.urlsplit(self.url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        return kind(parts.hostname, parts.port, timeout=self.timeout)

    @property
    def base_path(self):
        return urllib.parse.urlsplit(self.url).path
