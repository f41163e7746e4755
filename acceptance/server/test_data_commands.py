# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`lamplighter backup`, `restore` and `check`, on the data of a real server."""

import base64
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server, program  # noqa: E402

SKIPPED = {"existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/a.py"}, "max_concurrent_runs": 0}
WAITING = {
    "existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/wait.py"}, "max_retries": 1,
    "min_retry_interval_millis": 86_400_000}
SHORT = {"existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/short.py"}}


def run_program(*arguments):
    return subprocess.run([program(), *map(str, arguments)], capture_output=True, text=True, timeout=120)


class DataCommandsTest(unittest.TestCase):
    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.server = self.enterContext(Server())
        self.server.upload("/wait.py", "import time\nprint('begun', flush=True)\ntime.sleep(600)\n")
        self.server.upload("/short.py", "print('done')\n")

    def create(self, settings):
        answer = self.server.post("jobs/create", settings)
        self.assertEqual(answer.status, 200, answer)
        return answer.json["job_id"]

    def run_now(self, job, server=None):
        answer = (server or self.server).post("jobs/run-now", {"job_id": job})
        self.assertEqual(answer.status, 200, answer)
        return answer.json["run_id"]

    def restore(self, archive, name="restored"):
        said = run_program("restore", archive, "--data", self.directory / name / "data")
        self.assertEqual(said.returncode, 0, said)
        return Server(data=self.directory / name), said

    def test_a_backup_made_under_load_is_a_consistent_whole(self):
        job = self.create(SKIPPED)
        stop = threading.Event()

        def load():
            while not stop.is_set():
                self.run_now(job)

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            before = self.run_now(job)
            archive = self.directory / "backup.tar"
            said = run_program("backup", archive, "--data", self.server.data)
            self.assertEqual(said.returncode, 0, said)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        restored, _ = self.restore(archive)
        self.assertEqual(run_program("check", "--data", restored.data).returncode, 0)
        with restored:
            # What was acknowledged before the backup began is in it, and tokens and files are what they were.
            self.assertEqual(restored.get(f"jobs/runs/get?run_id={before}").status, 200)
            read = restored.get("dbfs/read?path=/short.py").json["data"]
            self.assertEqual(base64.b64decode(read), b"print('done')\n")
            newest = restored.get("jobs/runs/list?limit=1").json["runs"][0]["run_id"]
            self.assertGreater(self.run_now(job, restored), newest)

    def test_runs_that_were_under_way_end_truthfully_and_are_retried(self):
        run = self.run_now(self.create(WAITING))
        done = self.run_now(self.create(SHORT))
        self.server.ended(done)
        self.wait_for_output(run)
        archive = self.directory / "backup.tar"
        self.assertEqual(run_program("backup", archive, "--data", self.server.data).returncode, 0)
        restored, said = self.restore(archive)
        self.assertIn("1 run that was under way", said.stdout)
        with restored:
            state = restored.get(f"jobs/runs/get?run_id={run}").json["state"]
            self.assertEqual(state["life_cycle_state"], "INTERNAL_ERROR")
            self.assertIn("when the backup was made", state["state_message"])
            runs = restored.get("jobs/runs/list?active_only=true").json["runs"]
            self.assertEqual([(r["original_attempt_run_id"], r["trigger"]) for r in runs], [(run, "RETRY")])
            self.assertEqual(restored.get(f"jobs/runs/get-output?run_id={done}").json["logs"], "done\n")
        # The first server's run goes on.
        self.assertEqual(self.server.get(f"jobs/runs/get?run_id={run}").json["state"]["life_cycle_state"], "RUNNING")
        self.server.post("jobs/runs/cancel", {"run_id": run})
        self.server.ended(run)

    def wait_for_output(self, run):
        for _ in range(600):
            if "begun" in (self.server.get(f"jobs/runs/get-output?run_id={run}").json.get("logs") or ""):
                return
            threading.Event().wait(0.1)
        self.fail("the task did not begin")

    def test_nothing_is_overwritten_and_what_is_wrong_is_said(self):
        archive = self.directory / "backup.tar"
        self.assertEqual(run_program("backup", archive, "--data", self.server.data).returncode, 0)
        self.assertIn("exists already", run_program("backup", archive, "--data", self.server.data).stderr)
        self.assertIn("is not empty", run_program("restore", archive, "--data", self.server.data).stderr)
        missing = run_program("restore", self.directory / "none.tar", "--data", self.directory / "x")
        self.assertIn("cannot be read: No such file", missing.stderr)
        self.assertIn("is not the data directory", run_program("check", "--data", self.directory / "y").stderr)
        text = self.directory / "text.tar"
        text.write_text("nothing")
        self.assertNotEqual(run_program("restore", text, "--data", self.directory / "z").returncode, 0)

    def test_check_finds_what_no_server_would_write(self):
        job = self.create(SKIPPED)
        run = self.run_now(job)
        scheduled = self.create(
            {**SKIPPED, "schedule": {"quartz_cron_expression": "0 0 0 1 1 ?", "timezone_id": "UTC"}})
        self.assertEqual(run_program("check", "--data", self.server.data).stdout.count("everything is as it should"), 1)
        self.server.stop()
        database = sqlite3.connect(self.server.data / "lamplighter.sqlite")
        with database:
            database.execute("UPDATE run_transitions SET to_state = 'PENDING' WHERE run_id = ?", (run,))
            database.execute("UPDATE jobs SET last_number = 0 WHERE job_id = ?", (job,))
            database.execute("UPDATE triggers SET next_fire_time = 1 WHERE job_id = ?", (scheduled,))
            database.execute("UPDATE jobs SET definition_id = 999 WHERE job_id = ?", (job,))
        database.close()
        said = run_program("check", "--data", self.server.data)
        self.assertEqual(said.returncode, 1)
        for fault in (
            f"state is not that of their last transition: {run}", f"number that their job has not given: {run}",
            f"schedule of job {scheduled} does not wait", "refer to something that is gone", "lamplighter restore",
        ):
            self.assertIn(fault, said.stdout)

    def test_a_damaged_database_is_refused_at_start(self):
        self.server.stop()
        database = self.server.data / "lamplighter.sqlite"
        whole = database.read_bytes()
        for start, length in ((0, 100), (8192, 20_000)):
            database.write_bytes(whole[:start] + b"\xa5" * length + whole[start + length:])
            said = run_program("serve", "--data", self.server.data, "--port", "0")
            self.assertNotEqual(said.returncode, 0)
            self.assertIn(f"The database {database} is damaged", said.stderr)
            self.assertIn("lamplighter restore FILE --data DIR", said.stderr)


if __name__ == "__main__":
    unittest.main()
