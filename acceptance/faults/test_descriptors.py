# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The server may open no more files: it does not crash, says so where it must, and goes on when it may again."""

import contextlib
import http.client
import json
import resource
import socket
import unittest
import urllib.parse

from support import FaultTest, eventually, is_alive

RUNS = 6
LIMIT = 8
CONNECTIONS = 30


class DescriptorsTest(FaultTest):
    def setUp(self):
        super().setUp()
        self.server = self.serve()
        address = urllib.parse.urlsplit(self.server.url)
        self.address = (address.hostname, address.port)

    @contextlib.contextmanager
    def exhausted(self):
        """No descriptor can be opened: the limit is below those that are open, and clients come who want one."""
        pid = self.server.pid
        before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (LIMIT, before[1]))
        connections = []
        try:
            for _ in range(CONNECTIONS):
                # The kernel takes them in even when the server does not.
                connections.append(socket.create_connection(self.address, timeout=5))
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before)
            for connection in connections:
                connection.close()

    def ask(self, connection, method, path, body=None):
        """Over a connection that is there already; the answer's status and JSON."""
        connection.request(method, f"/api/2.0/{path}", body and json.dumps(body), {
            "Authorization": f"Bearer {self.server.token}"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())

    def connect(self):
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        self.addCleanup(connection.close)
        self.assertEqual(self.ask(connection, "GET", "jobs/list")[0], 200)
        return connection

    def test_connections_are_served_again_and_one_that_was_there_all_the_time(self):
        there = self.connect()
        with self.exhausted():
            for _ in range(20):
                status, answer = self.ask(there, "GET", "jobs/list")
                self.assertIn(status, (200, 503), answer)
        eventually(lambda: self.server.get("jobs/list").status == 200, what="an answer on a new connection")
        self.assertEqual(self.ask(there, "GET", "jobs/list")[0], 200)
        self.assertTrue(is_alive(self.server.pid))

    def test_runs_end_truthfully(self):
        there = self.connect()
        running = self.submit(self.server, self.waiting())
        self.begun(running)
        submitted = []
        with self.exhausted():
            for _ in range(RUNS):
                status, answer = self.ask(there, "POST", "jobs/runs/submit", self.waiting())
                self.assertIn(status, (200, 503), answer)
                if status == 200:
                    submitted.append(answer["run_id"])
            # They are tried, and some step of it finds no descriptor.
            for run in submitted:
                eventually(lambda run=run: self._has_moved(there, run), timeout=15, what=f"a step of run {run}")
            self.assertTrue(is_alive(self.claim(running)[0]))
        self.release()
        self.assert_result(self.server.ended(running), "TERMINATED", "SUCCESS")
        for run in submitted:
            ended = self.server.ended(run)
            begun = self.told("B", run)
            self.assertLessEqual(len(begun), 1, "launched twice")
            if ended["state"]["life_cycle_state"] == "INTERNAL_ERROR":
                self.assertFalse(any(is_alive(pid) for pid in begun), f"its task lives on: {ended}")
                self.assertEqual(self.told("E", run), [], f"the task did all it had to: {ended}")
            else:
                self.assert_result(ended, "TERMINATED", "SUCCESS")
                self.assertEqual(len(self.told("E", run)), 1)

    def test_a_task_that_ends_meanwhile_has_its_true_result(self):
        """That a file cannot be read does not mean that it is not there."""
        there = self.connect()
        run = self.submit(self.server, self.waiting(max_retries=1))
        self.begun(run)
        supervisor = self.claim(run)[0]
        with self.exhausted():
            self.release()
            eventually(lambda: not is_alive(supervisor), what="the supervisor's end")
            # The server has seen it too: its answers go on, and it may have tried to read how the task ended.
            for _ in range(20):
                self.assertIn(self.ask(there, "GET", f"jobs/runs/get?run_id={run}")[0], (200, 503))
        self.assert_result(self.server.ended(run), "TERMINATED", "SUCCESS")
        self.assertEqual(len(self.server.get("jobs/runs/list").json["runs"]), 1, "tried again after a success")

    def test_a_cancel_meanwhile_ends_the_task(self):
        there = self.connect()
        run = self.submit(self.server, self.waiting())
        task = self.begun(run)
        with self.exhausted():
            status, answer = self.ask(there, "POST", "jobs/runs/cancel", {"run_id": run})
            self.assertIn(status, (200, 503), answer)
        if status != 200:
            self.assertEqual(self.server.post("jobs/runs/cancel", {"run_id": run}).status, 200)
        self.assert_result(self.server.ended(run), "TERMINATED", "CANCELED")
        self.assertFalse(is_alive(task), "it lives on")

    def _has_moved(self, connection, run):
        status, answer = self.ask(connection, "GET", f"jobs/runs/get?run_id={run}")
        return status == 200 and answer["state"]["life_cycle_state"] != "PENDING"


if __name__ == "__main__":
    unittest.main()
