# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Another program holds a write lock on the database of a running server."""

import contextlib
import sqlite3
import unittest

from support import FaultTest, eventually

SHORT = {"existing_cluster_id": "default", "shell_command_task": {"command": ["true"]}}


class BusyTest(FaultTest):
    @contextlib.contextmanager
    def locked(self):
        other = sqlite3.connect(self.data / "lamplighter.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()

    def test_writes_are_refused_for_as_long_as_it_lasts_and_reads_go_on(self):
        server = self.serve()
        job = server.post("jobs/create", SHORT).json["job_id"]
        with self.locked():
            self.assert_unavailable(server.post("jobs/run-now", {"job_id": job, "idempotency_token": "once"}))
            self.assertEqual(server.get(f"jobs/get?job_id={job}").status, 200)
        run = server.post("jobs/run-now", {"job_id": job, "idempotency_token": "once"})
        self.assertEqual(run.status, 200, run)
        self.assert_result(server.ended(run.json["run_id"]), "TERMINATED", "SUCCESS")
        # What was refused was not done.
        self.assertEqual(len(server.get("jobs/runs/list").json["runs"]), 1)
        self.assertNotIn("unforeseen error", server.log)

    def test_a_task_that_ends_meanwhile_has_its_true_result(self):
        server = self.serve()
        run = self.submit(server, self.waiting())
        self.begun(run)
        with self.locked():
            self.release()
            eventually(lambda: self.told("E", run), what="the task's end")
            eventually(lambda: not self.claim_is_alive(run), what="the supervisor's end")
            # The server tries to record it, and cannot.
            self.assert_unavailable(server.post("jobs/create", SHORT))
        self.assert_result(server.ended(run), "TERMINATED", "SUCCESS")
        self.assertEqual(len(self.told("B", run)), 1)

    def test_a_schedule_goes_on_afterwards(self):
        server = self.serve()
        schedule = {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC"}
        job = server.post("jobs/create", {**SHORT, "max_concurrent_runs": 0, "schedule": schedule}).json["job_id"]

        def fired():
            return server.get(f"jobs/runs/list?job_id={job}").json.get("runs", [])

        eventually(fired, what="the first run of the schedule")
        with self.locked():
            self.assert_unavailable(server.post("jobs/create", SHORT))
            newest = fired()[0]["run_id"]
        eventually(lambda: fired()[0]["run_id"] > newest, what="a run after the lock")


if __name__ == "__main__":
    unittest.main()
