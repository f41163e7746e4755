# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""Every setting can be given in three ways: by flag, environment variable and configuration file."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import ROOT, program  # noqa: E402


class SettingsTest(unittest.TestCase):
    table = re.findall(
        r"^\| `--([a-z0-9-]+)` \| `([a-z0-9-]+)` \| `([A-Z0-9_]+)`", (ROOT / "docs/settings.md").read_text(), re.M)

    def run_program(self, *arguments, **environment):
        return subprocess.run(
            [program(), *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})

    def test_each_row_is_a_flag(self):
        self.assertGreater(len(self.table), 15)
        said = self.run_program("serve", "--help").stdout
        for flag, key, variable in self.table:
            self.assertEqual(flag, key)
            self.assertEqual(variable, "LAMPLIGHTER_" + key.upper().replace("-", "_"))
            self.assertRegex(said, rf"--{flag}\b")

    def test_a_wrong_value_is_named_wherever_it_comes_from(self):
        with tempfile.TemporaryDirectory() as directory:
            file = pathlib.Path(directory, "settings.yaml")
            file.write_text("max-connections: few\n")
            serve = ("serve", "--data", directory + "/data", "--port", "0")
            for said in (
                self.run_program(*serve, "--max-connections", "few"),
                self.run_program(*serve, LAMPLIGHTER_MAX_CONNECTIONS="few"),
                self.run_program(*serve, "--config", str(file)),
            ):
                self.assertNotEqual(said.returncode, 0)
                self.assertIn("Invalid value for max-connections: few. Allowed: 16 to 1000000.", said.stderr)


if __name__ == "__main__":
    unittest.main()
