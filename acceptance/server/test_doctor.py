# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""`lamplighter doctor` says what the machine lacks."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import program  # noqa: E402


class DoctorTest(unittest.TestCase):
    def setUp(self):
        self.programs = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def line_about(self, thing):
        said = subprocess.run(
            [program(), "doctor"], capture_output=True, text=True, timeout=60, env={"PATH": str(self.programs)})
        lines = [line for line in said.stdout.splitlines() if thing in line]
        self.assertEqual(len(lines), 1, said)
        return said.returncode, lines[0]

    def test_rsync_that_is_missing_is_named_with_the_remedy(self):
        status, line = self.line_about("rsync")
        self.assertEqual(status, 1)
        self.assertRegex(line, r"^MISSING +rsync \(MLflow Projects\): .*run `make setup`$")

    def test_rsync_that_is_there_is_told_with_its_version(self):
        rsync = self.programs / "rsync"
        rsync.write_text("#!/bin/sh\necho rsync version 7\n")
        rsync.chmod(0o755)
        self.assertEqual(self.line_about("rsync")[1], "ok       rsync (MLflow Projects): rsync version 7")


if __name__ == "__main__":
    unittest.main()
