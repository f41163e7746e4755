# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Input that means harm: each is answered by a 4xx or a closed connection, the server's memory stays bounded, other
clients are served meanwhile, and nothing is changed.

    python3 -m unittest discover -s acceptance/server
"""

import contextlib
import json
import pathlib
import resource
import socket
import sys
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server  # noqa: E402

TIMEOUT_SECONDS = 2
MAX_CONNECTIONS = 2000
# Generous: the point is that it does not grow with what is sent.
MEMORY_MIB = 700
NONE = "the connection was closed"


class HostileTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(
            "--connection-timeout-seconds", str(TIMEOUT_SECONDS), "--max-connections", str(MAX_CONNECTIONS))
        cls.enterClassContext(cls.server)
        url = urllib.parse.urlsplit(cls.server.url)
        cls.address = (url.hostname, url.port)

    def tearDown(self):
        self.assert_served()
        self.assertLess(self.memory_mib(), MEMORY_MIB)
        jobs = self.server.get("jobs/list").json.get("jobs", [])
        for job in jobs:
            self.server.post("jobs/delete", {"job_id": job["job_id"]})
        self.assertEqual(jobs, [])

    # --- tools

    def memory_mib(self):
        for line in pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise AssertionError("no VmRSS")

    def assert_served(self):
        self.assertEqual(self.server.get("jobs/list").status, 200)

    def connect(self):
        connection = socket.create_connection(self.address, timeout=30)
        self.addCleanup(connection.close)
        return connection

    def head(self, length, path="/api/2.0/jobs/create", more=""):
        return (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {self.server.token}\r\n"
            f"Content-Length: {length}\r\n{more}\r\n").encode()

    @staticmethod
    def status(connection):
        """The status of the answer, or NONE."""
        received = b""
        with contextlib.suppress(ConnectionError):
            while b"\r\n" not in received:
                part = connection.recv(65536)
                if not part:
                    break
                received += part
        return int(received.split(b" ")[1]) if received.startswith(b"HTTP/1.1 ") else NONE

    def post(self, body, path="/api/2.0/jobs/create"):
        """Sends all of the body that is taken; what the server says to it."""
        connection = self.connect()
        with contextlib.suppress(ConnectionError):
            connection.sendall(self.head(len(body), path))
            connection.sendall(body)
        return self.status(connection)

    def assert_refused(self, status, *expected):
        self.assertIn(status, expected or (400, NONE))

    @staticmethod
    def job(**fields):
        settings = {"existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/a.py"}}
        return json.dumps({**settings, **fields}).encode()

    # --- bodies

    def test_a_body_of_10_mib_and_one_byte(self):
        body = self.job(name="x").ljust(10 * 1024 * 1024 + 1)
        self.assert_refused(self.post(body), 413, NONE)

    def test_a_body_that_never_ends(self):
        connection = self.connect()
        connection.sendall(self.head(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked"))
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            for _ in range(200):
                connection.sendall(chunk)
        self.assert_refused(self.status(connection), 413, NONE)

    def test_deep_nesting(self):
        for body in (b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"name":' + b"[" * 500_000 + b"]" * 500_000 + b"}"):
            self.assert_refused(self.post(body), 400)

    def test_huge_numbers(self):
        for number in ("9" * 1_000_000, "1e999999999", "-1e-999999999", "123456789012345678901234567890", "1.5"):
            body = self.job().replace(b"{", b'{"timeout_seconds": ' + number.encode() + b",", 1)
            self.assert_refused(self.post(body), 400)

    def test_nul_and_broken_utf8(self):
        bodies = [
            b"\x00", b'{"name": "\x00"}', b'{"name": "\xff"}', b'{"name": "\xc0\xaf"}', b'{"name": "\xed\xa0\x80"}',
            b'{"name": "\\ud800"}', b"\xff\xfe{\x00}\x00", self.job(name="x").replace(b'"x"', b'"\xe2\x82"'),
        ]
        for body in bodies:
            with self.subTest(body=body):
                self.assert_refused(self.post(body), 400)

    def test_duplicate_keys(self):
        body = self.job(name="one").replace(b"{", b'{"name": "two",', 1)
        self.assert_refused(self.post(body), 400)

    def test_a_million_elements(self):
        ones = b",".join([b"1"] * 1_000_000)
        objects = b",".join([b"{}"] * 1_000_000)
        for name, elements in (("libraries", ones), ("libraries", objects), ("unheard_of", ones)):
            with self.subTest(name=name, elements=elements[:2]):
                body = self.job().replace(b"{", f'{{"{name}": ['.encode() + elements + b"],", 1)
                self.assert_refused(self.post(body), 400)

    def test_large_arrays_of_what_is_allowed(self):
        texts = b",".join([b'"a"'] * 1_000_000)
        addresses = b",".join([b'"a@example.com"'] * 300_000)
        jars = b",".join([b'{"jar":"dbfs:/a.jar"}'] * 300_000)
        task = b'"spark_python_task":{"python_file":"dbfs:/a.py","parameters":[%b]}'
        for fields in (
            task % texts, b'"libraries":[%b]' % jars, b'"email_notifications":{"on_start":[%b]}' % addresses,
            task % b",".join([b'"%b"' % (b"a" * 2000)] * 1000), task % (b'"%b"' % (b"a" * 200_000)),
        ):
            with self.subTest(fields=fields[:60]):
                body = b'{"existing_cluster_id":"default",' + fields
                if b"spark_python_task" not in fields:
                    body += b',"spark_python_task":{"python_file":"dbfs:/a.py"}'
                self.assert_refused(self.post(body + b"}"), 400)

    def test_a_million_keys(self):
        keys = ",".join(f'"{index}":1' for index in range(800_000)).encode()
        body = self.job().replace(b"{", b'{"max_retries": -7, ' + keys + b",", 1)
        self.assert_refused(self.post(body), 400, 413)

    # --- framing

    def test_bodies_that_are_cut_off_or_badly_framed(self):
        """As every upload that a client gives up: no fault of the server, and nothing is stored."""
        chunked = "Transfer-Encoding: chunked"
        for path in ("/api/2.0/jobs/create", "/dbfs/a", "/api/2.0/workspace/import", "/api/2.0/dbfs/put"):
            for header, body in (
                (chunked, b"zz\r\n"), (chunked, b"ffffffffffffffffff\r\n{}\r\n"), (chunked, b"2\r\n{}\r\n"),
                ("Transfer-Encoding: foo", b"{}"), ("Content-Length: 100", self.job()[:-3]),
                ("Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 100", b"--x\r\n"),
            ):
                with self.subTest(path=path, header=header, body=body):
                    connection = self.connect()
                    connection.sendall(self.head(0, path).replace(b"Content-Length: 0", header.encode()) + body)
                    connection.shutdown(socket.SHUT_WR)
                    self.assert_refused(self.status(connection), 400, NONE)
        self.assertNotIn("unforeseen error", self.server.log)

    # --- heads

    def test_a_flood_of_headers(self):
        for more in ("".join(f"X-{index}: y\r\n" for index in range(100_000)), "X: " + "y" * 10_000_000 + "\r\n"):
            connection = self.connect()
            with contextlib.suppress(ConnectionError):
                connection.sendall(self.head(0, more=more))
            self.assert_refused(self.status(connection), 400, 431, NONE)

    def test_a_path_without_end(self):
        connection = self.connect()
        with contextlib.suppress(ConnectionError):
            connection.sendall(b"GET /" + b"a" * 20_000_000)
        self.assert_refused(self.status(connection), 400, 414, 431, NONE)

    def test_what_is_not_http(self):
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 50, b"\r\n\r\nnonsense\r\n\r\n", b"\x00" * 5000):
            connection = self.connect()
            with contextlib.suppress(ConnectionError):
                connection.sendall(garbage)
            self.assert_refused(self.status(connection), 400, NONE)

    def test_two_lengths(self):
        body = self.job()
        for more in ("Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n"):
            connection = self.connect()
            connection.sendall(self.head(len(body), more=more) + body)
            self.assert_refused(self.status(connection), 400, NONE)

    # --- connections

    def test_slow_heads(self):
        """Slow loris: a byte now and then, and never an end."""
        connections = [self.connect() for _ in range(50)]
        self.drip(connections, b"GET /health HTTP/1.1\r\nX: ")

    def test_slow_bodies(self):
        connections = [self.connect() for _ in range(50)]
        self.drip(connections, self.head(1_000_000))

    def drip(self, connections, first):
        for connection in connections:
            connection.sendall(first)
            connection.settimeout(0.1)
        deadline = time.monotonic() + 60
        while connections and time.monotonic() < deadline:
            self.assert_served()
            connections = [connection for connection in connections if self.is_open_after(connection, b"x")]
        self.assertEqual(connections, [], "still open")

    @staticmethod
    def is_open_after(connection, byte):
        try:
            connection.sendall(byte)
            return connection.recv(1) != b""
        except TimeoutError:
            return True
        except ConnectionError:
            return False

    def test_an_answer_that_is_not_taken(self):
        connection = self.connect()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        request = b"GET /api/2.0/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
        deadline = time.monotonic() + 60
        connection.settimeout(1)
        with self.assertRaises(ConnectionError):
            while time.monotonic() < deadline:
                with contextlib.suppress(TimeoutError):
                    connection.sendall(request * 100)

    def test_ten_thousand_idle_connections(self):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 10_000
        if hard != resource.RLIM_INFINITY and hard < wanted + 100:
            self.skipTest(f"this process may open only {hard} files")
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted + 100), hard))
        connections = []
        try:
            for index in range(wanted):
                connections.append(socket.create_connection(self.address, timeout=30))
                if index % 1000 == 0:
                    self.assert_served()
            self.assert_served()
            self.assertLess(self.memory_mib(), MEMORY_MIB)
            descriptors = len(list(pathlib.Path(f"/proc/{self.server.process.pid}/fd").iterdir()))
            self.assertLess(descriptors, MAX_CONNECTIONS + 200)
        finally:
            for connection in connections:
                connection.close()
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    # --- paths

    TRAVERSALS = [
        "/../../../../etc/passwd", "dbfs:/../../etc/passwd", "/a/../../etc/passwd", "/..", "/a/%2e%2e/%2e%2e/etc/passwd",
        "/./../etc/passwd", "//../etc/passwd", "/\u0000/etc/passwd", "../etc/passwd", "file:/etc/passwd",
    ]

    def test_traversal_in_every_path_of_dbfs(self):
        for path in self.TRAVERSALS:
            requests = [
                ("GET", "read", {"path": path}), ("GET", "get-status", {"path": path}), ("GET", "list", {"path": path}),
                ("POST", "put", {"path": path, "contents": "eA==", "overwrite": True}),
                ("POST", "create", {"path": path, "overwrite": True}),
                ("POST", "delete", {"path": path, "recursive": True}),
                ("POST", "move", {"source_path": path, "destination_path": "/stolen"}),
                ("POST", "move", {"source_path": "/stolen", "destination_path": path}),
            ]
            for method, name, body in requests:
                with self.subTest(path=path, name=name):
                    answer = self.server.call(method, f"/api/2.0/dbfs/{name}", body)
                    self.assert_harmless(answer, path)

    def assert_harmless(self, answer, path):
        """Refused; or a percent sign is only a percent sign, and the file is within DBFS."""
        self.assertNotIn("root:", answer.text)
        if "%2e" in path:
            self.assertLess(answer.status, 500)
        else:
            self.assertIn(answer.status, (400, 404))

    def test_traversal_in_the_path_of_an_upload(self):
        for path in ("/dbfs/../../etc/x", "/dbfs/%2e%2e/%2e%2e/x", "/dbfs/a/..%2f..%2fx", "/dbfs/%00", "/../data/x"):
            with self.subTest(path=path):
                self.assert_refused(self.post(b"x", path), 400, 404, NONE)
        for root in (self.server.data, self.server.data.parent):
            self.assertFalse((root / "x").exists())

    def test_traversal_in_the_paths_of_pages(self):
        for path in ("/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/docs/../../etc/passwd", "/app.js/../../x"):
            connection = self.connect()
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assert_refused(self.status(connection), 400, 401, 404, NONE)

    def test_traversal_in_the_paths_of_jobs(self):
        cluster = {"spark_version": "x", "node_type_id": "y", "num_workers": 1}
        jobs = [
            {"spark_python_task": {"python_file": "dbfs:/../../etc/passwd"}},
            {"spark_python_task": {"python_file": "file:/etc/passwd"}},
            {"notebook_task": {"notebook_path": "/../../etc/passwd"}, "spark_python_task": None},
            {"libraries": [{"jar": "dbfs:/../../etc/passwd"}]},
            {"libraries": [{"whl": "file:/etc/passwd.whl"}]},
            {"new_cluster": {**cluster, "init_scripts": [{"dbfs": {"destination": "dbfs:/../x.sh"}}]}},
            {"new_cluster": {**cluster, "init_scripts": [{"workspace": {"destination": "/../x.sh"}}]}},
            {"new_cluster": {**cluster, "cluster_log_conf": {"dbfs": {"destination": "dbfs:/../logs"}}}},
        ]
        for fields in jobs:
            with self.subTest(fields=fields):
                settings = json.loads(self.job())
                if "new_cluster" in fields:
                    del settings["existing_cluster_id"]
                body = {name: value for name, value in {**settings, **fields}.items() if value is not None}
                answer = self.server.call("POST", "/api/2.0/jobs/create", body)
                self.assertEqual(answer.status, 400, answer)


if __name__ == "__main__":
    unittest.main()
