# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A start that cannot succeed says why and what to do, and makes nothing worse; one that was cut off is made up for."""

import random
import sqlite3
import subprocess
import threading
import unittest

from support import FaultTest, Server, eventually, mounted, program, requires_root

SKIPPING = {
    "existing_cluster_id": "default", "max_concurrent_runs": 0, "shell_command_task": {"command": ["true"]}}


class StartTest(FaultTest):
    def make_data(self, jobs=300):
        """Data of a server that was stopped; returns the jobs."""
        with Server(data=self.directory) as server:
            made = [server.post("jobs/create", {**SKIPPING, "name": f"job {n}"}).json["job_id"] for n in range(jobs)]
        return made

    @property
    def database(self):
        return self.data / "lamplighter.sqlite"

    def fold_log(self):
        """Brings what stands in the write-ahead log into the file that is to be damaged."""
        database = sqlite3.connect(self.database)
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()

    # --- read-only

    @requires_root
    def test_a_read_only_data_directory_is_refused(self):
        self.make_data(jobs=1)
        self.enterContext(mounted("--bind", str(self.data), directory=self.data))
        subprocess.run(["mount", "-o", "remount,bind,ro", str(self.data)], check=True)
        said = self.refused_start()
        self.assertIn(str(self.data), said)
        self.assertRegex(said.lower(), "read-only|cannot be written")

    @requires_root
    def test_a_new_data_directory_that_cannot_be_written_is_refused(self):
        self.enterContext(mounted("-t", "tmpfs", "-o", "ro", "tmpfs", directory=self.data))
        said = self.refused_start()
        self.assertIn(str(self.data), said)
        self.assertRegex(said.lower(), "read-only|cannot be")

    # --- damaged

    def assert_refused_as_damaged(self):
        damaged = self.database.read_bytes()
        said = self.refused_start()
        self.assertIn(str(self.database), said)
        self.assertIn("damaged", said)
        self.assertIn("lamplighter restore", said)
        self.assertEqual(self.database.read_bytes(), damaged, "what could still be read was changed")

    def test_a_database_with_another_header_is_refused(self):
        self.make_data(jobs=1)
        self.fold_log()
        with open(self.database, "r+b") as file:
            file.write(random.Random(1).randbytes(100))
        self.assert_refused_as_damaged()

    def test_a_database_with_a_damaged_page_is_refused_and_a_backup_makes_it_good(self):
        with Server(data=self.directory) as server:
            jobs = [server.post("jobs/create", {**SKIPPING, "name": f"job {n}"}).json["job_id"] for n in range(300)]
            token = (self.data / "admin-token").read_text()
            archive = self.directory / "backup.tar"
            subprocess.run([program(), "backup", str(archive), "--data", str(self.data)], check=True, timeout=120)
        self.fold_log()
        pages = self.database.stat().st_size // 4096
        self.assertGreater(pages, 40)
        with open(self.database, "r+b") as file:
            file.seek(pages // 2 * 4096)
            file.write(random.Random(2).randbytes(4096))
        self.assert_refused_as_damaged()
        self.data.rename(self.directory / "damaged")
        subprocess.run([program(), "restore", str(archive), "--data", str(self.data)], check=True, timeout=120)
        # A backup has no token in clear; what it has is that this one is good.
        (self.data / "admin-token").write_text(token)
        with Server(data=self.directory) as server:
            for job in jobs:
                self.assertEqual(server.get(f"jobs/get?job_id={job}").status, 200)

    def test_a_database_that_was_cut_off_is_refused(self):
        self.make_data()
        self.fold_log()
        with open(self.database, "r+b") as file:
            file.truncate(self.database.stat().st_size // 8192 * 4096)
        self.assert_refused_as_damaged()

    # --- another one

    def test_a_second_server_is_refused_and_the_first_goes_on(self):
        with Server(data=self.directory) as server:
            said = self.refused_start()
            self.assertIn(f"pid {server.pid}", said)
            self.assertIn(str(self.data), said)
            self.assertEqual(server.post("jobs/create", SKIPPING).status, 200)
            self.assertEqual((self.data / "endpoint").read_text().strip(), server.url)

    def test_a_database_that_another_program_keeps_for_itself_is_refused(self):
        self.make_data(jobs=1)
        other = sqlite3.connect(self.database, isolation_level=None)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        said = self.refused_start()
        self.assertIn(str(self.database), said)
        self.assertIn("locked", said)
        self.assertNotIn("damaged", said)
        other.execute("ROLLBACK")
        other.close()
        with Server(data=self.directory) as server:
            self.assertEqual(server.get("jobs/list").status, 200)

    def test_a_server_waits_for_a_program_that_writes_for_a_moment(self):
        jobs = self.make_data(jobs=1)
        other = sqlite3.connect(self.database, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(2, lambda: other.execute("ROLLBACK"))
        release.start()
        try:
            with Server(data=self.directory) as server:
                self.assertEqual(server.post("jobs/run-now", {"job_id": jobs[0]}).status, 200)
        finally:
            release.join()
            other.close()

    # --- cut off

    def test_a_first_start_that_is_killed_at_any_moment_is_made_up_for(self):
        chance = random.Random(3)
        for number in range(12):
            with self.subTest(number=number):
                self.cut_off_and_start_again(chance)
            self.data.rename(self.directory / f"data-{number}")

    def cut_off_and_start_again(self, chance):
        process = subprocess.Popen(
            [program(), "serve", "--data", str(self.data), "--port", "0"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            # At a step that can be seen, or a random moment later.
            step = chance.choice(["lock", "lamplighter.sqlite", "lamplighter.sqlite-wal", "admin-token"])
            eventually(lambda: (self.data / step).exists() or process.poll() is not None, what=step)
            threading.Event().wait(chance.uniform(0, 0.1))
        finally:
            process.kill()
            process.wait()
        with Server(data=self.directory) as server:
            self.assertTrue((self.data / "admin-token").exists(), "nobody can use this server")
            self.assertEqual(server.post("jobs/create", SKIPPING).status, 200)
        self.assert_sound()

    def test_a_first_start_that_could_not_hand_over_its_token_makes_one_at_the_next(self):
        """As if it had been killed between making the token and writing it to the file."""
        blocker = self.data / "admin-token.new"
        (blocker / "x").mkdir(parents=True)
        self.refused_start()
        (blocker / "x").rmdir()
        blocker.rmdir()
        with Server(data=self.directory) as server:
            self.assertTrue((self.data / "admin-token").exists(), "nobody can use this server")
            self.assertEqual(server.get("jobs/list").status, 200)


if __name__ == "__main__":
    unittest.main()
