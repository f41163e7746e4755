# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What backups promise: whole or refused, readable by their owner alone, and failures that leave nothing behind."""

import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server, program  # noqa: E402


def run_program(*arguments):
    return subprocess.run(
        [program(), *map(str, arguments)], capture_output=True, text=True, timeout=120, umask=0o022)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


class BackupsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        """A server's data, and a backup of it; both are left as they are."""
        cls.root = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        (cls.root / "first").mkdir()
        with Server("--warm-notebooks", "false", data=cls.root / "first") as server:
            server.upload("/a.txt", "a" * 5000)
            server.upload("/claim", "a user's file of that name")
            cls.data = server.data
        cls.backup = cls.root / "backup.tar"
        cls.said = run_program("backup", cls.backup, "--data", cls.data)

    def setUp(self):
        self.directory = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.target = self.directory / "data"
        self.assertEqual(self.said.returncode, 0, self.said)

    def refused(self, said, *texts):
        """A failure is no question of usage."""
        self.assertEqual(said.returncode, 1, said)
        self.assertNotIn("Usage", said.stderr)
        for text in texts:
            self.assertIn(text, said.stderr)

    def test_a_backup_that_is_not_whole_is_refused_and_leaves_nothing_behind(self):
        whole = self.backup.read_bytes()
        middle = len(whole) // 1024 * 512
        damaged = bytearray(whole)
        damaged[middle] ^= 1
        broken = [whole[:size] for size in (0, 100, 512, middle, len(whole) - 512, len(whole) - 1)]
        for contents in [*broken, bytes(damaged), whole + b"\0" * 512, whole[:512] + whole[-512:]]:
            file = self.directory / "broken.tar"
            file.write_bytes(contents)
            with self.subTest(bytes=len(contents)):
                self.refused(run_program("restore", file, "--data", self.target), "Nothing was restored")
                self.assertFalse(self.target.exists())

    def test_an_archive_of_something_else_leaves_nothing_behind(self):
        self.target.mkdir(mode=0o755)
        shutil.copytree(self.data, self.directory / "first")
        (self.directory / "first" / "lamplighter.sqlite").write_text("no database")
        said = run_program("backup", self.directory / "b.tar", "--data", self.directory / "first")
        self.refused(said, "damaged", "lamplighter restore FILE")
        self.assertEqual(sorted(p.name for p in self.directory.iterdir()), ["data", "first"])

    def test_a_backup_of_a_damaged_database_is_refused(self):
        copy = shutil.copytree(self.data, self.directory / "first")
        database = copy / "lamplighter.sqlite"
        whole = database.read_bytes()
        self.assertGreater(len(whole), 108_000)
        database.write_bytes(whole[:100_000] + b"\xa5" * 8000 + whole[108_000:])
        said = run_program("backup", self.directory / "b.tar", "--data", copy)
        self.refused(said, "is damaged")
        self.assertEqual([p.name for p in self.directory.iterdir()], ["first"])

    def test_the_backup_and_what_is_restored_are_for_their_owner_alone(self):
        self.assertEqual(mode(self.backup), 0o600)
        self.target.mkdir(mode=0o755)
        said = run_program("restore", self.backup, "--data", self.target)
        self.assertEqual(said.returncode, 0, said)
        self.assertEqual(mode(self.target), 0o700)
        for path in self.target.rglob("*"):
            self.assertEqual(mode(path), 0o700 if path.is_dir() else 0o600, path)
        self.assertEqual((self.target / "dbfs" / "claim").read_text(), "a user's file of that name")
        self.assertEqual((self.target / "dbfs" / "a.txt").read_text(), "a" * 5000)

    def test_a_restore_that_was_killed_is_not_served_and_can_be_repeated(self):
        self.target.mkdir()
        (self.target / "restoring").mkdir()
        (self.target / "restoring" / "lamplighter.sqlite").write_text("half")
        (self.target / "runs").mkdir()
        for command in (["serve", "--port", "0"], ["check"], ["backup", self.directory / "b.tar"]):
            self.refused(run_program(*command, "--data", self.target), f"lamplighter restore FILE --data {self.target}")
        said = run_program("restore", self.backup, "--data", self.target)
        self.assertEqual(said.returncode, 0, said)
        self.assertFalse((self.target / "restoring").exists())
        self.assertEqual(run_program("check", "--data", self.target).returncode, 0)

    def test_what_a_killed_backup_has_left_goes_with_the_next(self):
        partial = self.directory / "b.tar.partial"
        partial.mkdir()
        (partial / "lamplighter.sqlite").write_text("half a copy")
        said = run_program("backup", self.directory / "b.tar", "--data", self.data)
        self.assertEqual(said.returncode, 0, said)
        self.assertEqual([p.name for p in self.directory.iterdir()], ["b.tar"])

    def test_a_place_that_cannot_be_written_is_said_in_plain_words(self):
        said = run_program("backup", self.directory / "none" / "b.tar", "--data", self.data)
        self.refused(said, f"Error: {self.directory}/none/b.tar cannot be written: No such file or directory.")
        (self.directory / "file").write_text("")
        said = run_program("restore", self.backup, "--data", self.directory / "file" / "data")
        self.refused(said, f"{self.directory}/file/data cannot be made: Not a directory.")

    def test_a_database_that_cannot_be_opened_is_said_in_plain_words(self):
        (self.target / "lamplighter.sqlite").mkdir(parents=True)
        for command in (["token", "list"], ["check"], ["backup", self.directory / "b.tar"]):
            said = run_program(*command, "--data", self.target)
            self.refused(said, f"The database {self.target}/lamplighter.sqlite cannot be opened: ")
            self.assertNotIn("Move the data directory away", said.stderr)
        self.assertFalse((self.directory / "b.tar.partial").exists())

    def test_a_backup_has_a_name(self):
        self.assertEqual(run_program("backup", "-", "--data", self.data).returncode, 64)
        self.assertFalse(pathlib.Path("-").exists())

    def test_failures_are_no_questions_of_usage(self):
        self.refused(run_program("backup", self.backup, "--data", self.data), "exists already")
        self.refused(run_program("restore", self.backup, "--data", self.data), "is not empty")
        self.refused(run_program("restore", self.root / "none.tar", "--data", self.target), "cannot be read: No such")
        self.refused(run_program("check", "--data", self.target), "is not the data directory")
        self.refused(run_program("token", "revoke", "--data", self.data, "--id", "99"), "No token in force")
        with Server("--warm-notebooks", "false", data=self.root / "first"):
            self.refused(run_program("serve", "--data", self.data, "--port", "0"), "Another lamplighter server")
        # A wrong argument is.
        self.assertEqual(run_program("serve", "--data", self.target, "--port", "x").returncode, 64)

    def test_a_data_directory_that_has_lost_its_database_is_not_served_as_a_new_one(self):
        copy = shutil.copytree(self.data, self.directory / "first")
        for break_it in (lambda path: path.write_bytes(b""), os.unlink):
            break_it(copy / "lamplighter.sqlite")
            self.refused(run_program("serve", "--data", copy, "--port", "0"), "has lost its database", "restore FILE")


if __name__ == "__main__":
    unittest.main()
