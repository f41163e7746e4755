# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Many clients at once, each of them orderly, and some that leave in the middle of an answer.

    python3 -m unittest discover -s acceptance/server
"""

import concurrent.futures
import http.client
import pathlib
import sys
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server  # noqa: E402

CLIENTS = 100
REQUESTS = 10
JOBS = 30
JOB = {"existing_cluster_id": "default", "shell_command_task": {"command": ["true"]}}
READS = ["jobs/list", "jobs/runs/list", "jobs/get?job_id=1", "jobs/runs/list?active_only=true"]


class CrowdTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server()
        cls.enterClassContext(cls.server)
        for _ in range(JOBS):
            cls.server.post("jobs/create", JOB)

    def connect(self):
        return http.client.HTTPConnection(urllib.parse.urlsplit(self.server.url).netloc, timeout=60)

    def request(self, connection, path):
        connection.request("GET", f"/api/2.0/{path}", headers={"Authorization": f"Bearer {self.server.token}"})

    def ask(self, paths):
        """The statuses of one client's requests, one after the other on one connection."""
        connection = self.connect()
        try:
            statuses = []
            for path in paths:
                self.request(connection, path)
                answer = connection.getresponse()
                answer.read()
                statuses.append(answer.status)
            return statuses
        finally:
            connection.close()

    def leave(self, path):
        """A client that is gone before it has its answer."""
        connection = self.connect()
        self.request(connection, path)
        connection.close()

    def crowd(self, clients):
        with concurrent.futures.ThreadPoolExecutor(len(clients)) as pool:
            return [future.result() for future in [pool.submit(*client) for client in clients]]

    def test_all_get_their_answers(self):
        for path in READS:
            with self.subTest(path):
                answers = self.crowd([(self.ask, [path] * REQUESTS)] * CLIENTS)
                self.assertEqual(answers, [[200] * REQUESTS] * CLIENTS)

    def test_those_who_stay_get_theirs_though_others_leave(self):
        stay = (self.ask, ["jobs/list", "jobs/runs/list"] * REQUESTS)
        answers = self.crowd([stay, (self.leave, "jobs/list")] * (CLIENTS // 2) + [(self.leave, "jobs/list")] * CLIENTS)
        self.assertEqual([answer for answer in answers if answer], [[200] * 2 * REQUESTS] * (CLIENTS // 2))
