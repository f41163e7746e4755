# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The disk is full: what would have to be written is refused, what was acknowledged is kept, and when there is space the
server goes on by itself."""

import base64
import errno
import os
import signal
import unittest

from support import FaultTest, eventually, mounted, requires_root

SKIPPING = {
    "existing_cluster_id": "default", "max_concurrent_runs": 0, "shell_command_task": {"command": ["true"]}}
# More than fit into what a write-ahead log may have allocated already.
MAX_REQUESTS = 5000


@requires_root
class DiskFullTest(FaultTest):
    def setUp(self):
        super().setUp()
        self.enterContext(mounted("-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs", directory=self.data))
        self.server = self.serve()

    def fill(self):
        """Takes what space there is."""
        with open(self.data / "ballast", "ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError as error:
                    self.assertEqual(error.errno, errno.ENOSPC)

    def make_room(self):
        (self.data / "ballast").unlink()

    def acknowledged_until_full(self, job):
        """Requests until one is refused; the runs of those that were acknowledged."""
        runs = []
        for _ in range(MAX_REQUESTS):
            answer = self.server.post("jobs/run-now", {"job_id": job})
            if answer.status != 200:
                self.assert_unavailable(answer)
                return runs
            runs.append(answer.json["run_id"])
            self.fill()
        self.fail("a full disk takes everything")

    def create(self, settings):
        answer = self.server.post("jobs/create", settings)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["job_id"]

    def test_writes_are_refused_reads_go_on_and_so_does_the_server_when_there_is_room(self):
        job = self.create(SKIPPING)
        before = self.server.post("jobs/run-now", {"job_id": job}).json["run_id"]
        self.fill()
        acknowledged = [before, *self.acknowledged_until_full(job)]
        # Again and again, each kind of write.
        self.assert_unavailable(self.server.post("jobs/create", SKIPPING))
        self.assert_unavailable(self.server.post("jobs/update", {"job_id": job, "new_settings": {"name": "x" * 3000}}))
        self.assert_unavailable(self.server.post("dbfs/put", {
            "path": "/big", "contents": base64.b64encode(b"x" * 500_000).decode()}))
        self.assertEqual(self.server.get("jobs/list").json["jobs"][0]["settings"]["name"], "Untitled")
        for run in acknowledged:
            self.assertEqual(self.server.get(f"jobs/runs/get?run_id={run}").status, 200)
        listed = self.server.get("jobs/runs/list?limit=999").json
        self.assertEqual(len(listed["runs"]), min(999, len(acknowledged)))
        self.make_room()
        eventually(lambda: self.server.post("jobs/create", SKIPPING).status == 200, what="a job")
        self.server.kill()
        self.server.start()
        for run in acknowledged:
            self.assertEqual(self.server.get(f"jobs/runs/get?run_id={run}").status, 200)
        self.assertNotIn("unforeseen error", self.server.log)
        self.assert_sound()

    def test_a_task_that_ends_meanwhile_has_its_true_result(self):
        job = self.create(SKIPPING)
        good = self.submit(self.server, self.waiting())
        bad = self.submit(self.server, {**self.waiting(), "run_name": "fails"})
        for run in (good, bad):
            self.begun(run)
        supervisor, task = self.claim(bad)[0], self.told("B", bad)[0]
        self.fill()
        self.acknowledged_until_full(job)
        os.kill(task, signal.SIGTERM)
        self.release()
        eventually(lambda: self.told("E", good), what="the end of the good task")
        # Nothing can be recorded: the supervisor keeps what it knows until it can.
        self.assertEqual(self.server.get(f"jobs/runs/get?run_id={bad}").json["state"]["life_cycle_state"], "RUNNING")
        self.assertTrue(os.path.exists(f"/proc/{supervisor}"))
        self.make_room()
        self.assert_result(self.server.ended(good), "TERMINATED", "SUCCESS")
        self.assert_result(self.server.ended(bad), "TERMINATED", "FAILED")

    def test_a_cancel_is_refused_and_done_when_there_is_room(self):
        job = self.create(SKIPPING)
        run = self.submit(self.server, self.waiting())
        task = self.begun(run)
        self.fill()
        self.acknowledged_until_full(job)
        self.assert_unavailable(self.server.post("jobs/runs/cancel", {"run_id": run}))
        self.assertEqual(self.server.get(f"jobs/runs/get?run_id={run}").json["state"]["life_cycle_state"], "RUNNING")
        self.make_room()
        eventually(lambda: self.server.post("jobs/runs/cancel", {"run_id": run}).status == 200, what="the cancel")
        self.assert_result(self.server.ended(run), "TERMINATED", "CANCELED")
        self.assertEqual(self.told("E", run), [])
        self.assertFalse(os.path.exists(f"/proc/{task}"))

    def test_a_killed_server_starts_again_on_a_full_disk_and_answers_what_can_be_read(self):
        job = self.create(SKIPPING)
        self.server.kill()
        self.fill()
        self.server.start()
        self.assertEqual(self.server.get(f"jobs/get?job_id={job}").status, 200)
        endpoint = self.data / "endpoint"
        self.assertFalse(endpoint.exists() and endpoint.read_text().strip() != self.server.url, "a dead address")
        self.make_room()
        eventually(lambda: self.server.post("jobs/run-now", {"job_id": job}).status == 200, what="a run")
        eventually(lambda: endpoint.exists() and endpoint.read_text().strip() == self.server.url, what="its address")
        eventually(lambda: (self.data / "run-endpoint").exists(), what="the address for notebooks")

    def test_a_server_that_cannot_open_its_database_for_lack_of_room_says_so(self):
        """One that was stopped has no log and no shared memory, and would have to make them."""
        job = self.create(SKIPPING)
        self.server.stop()
        self.fill()
        said = self.refused_start()
        self.assertIn(str(self.data), said)
        self.assertIn("full", said)
        self.make_room()
        self.server.start()
        self.assertEqual(self.server.get(f"jobs/get?job_id={job}").status, 200)


if __name__ == "__main__":
    unittest.main()
