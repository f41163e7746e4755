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
        r"^\| `--([a-z0-9-]+)` \| `([a-z0-9-]+)` \| `([A-Z0-9_]+)` \| [^|]* \| ([^|]*) \|",
        (ROOT / "docs/settings.md").read_text(), re.M)

    def run_program(self, *arguments, **environment):
        return subprocess.run(
            [program(), *arguments], capture_output=True, text=True, timeout=60, env={**os.environ, **environment})

    def file(self, text):
        """A configuration file, until the test ends."""
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        file = pathlib.Path(directory.name, "settings.yaml")
        file.write_text(text)
        return str(file)

    def refused(self, *arguments, **environment):
        """What the server says that does not start, and makes no data directory either."""
        with tempfile.TemporaryDirectory() as directory:
            data = pathlib.Path(directory, "data")
            said = self.run_program(
                "serve", "--data", str(data), *arguments, **{"LAMPLIGHTER_PORT": "0", **environment})
            self.assertNotEqual(said.returncode, 0)
            self.assertFalse(data.exists(), "it began to start")
            return said.stderr

    def test_each_row_is_a_flag(self):
        self.assertGreater(len(self.table), 15)
        said = self.run_program("serve", "--help").stdout
        for flag, key, variable, _ in self.table:
            self.assertEqual(flag, key)
            self.assertEqual(variable, "LAMPLIGHTER_" + key.upper().replace("-", "_"))
            self.assertRegex(said, rf"--{flag}\b")

    def test_a_wrong_value_is_named_wherever_it_comes_from(self):
        wrong = "Invalid value for max-connections: few. Allowed: 16 to 1000000. It comes from "
        file = self.file("max-connections: few\n")
        for said, source in (
            (self.refused("--max-connections", "few"), "the flag --max-connections."),
            (self.refused(LAMPLIGHTER_MAX_CONNECTIONS="few"), "the environment variable LAMPLIGHTER_MAX_CONNECTIONS."),
            (self.refused("--config", file), f"{file}."),
        ):
            self.assertIn(wrong + source, said)

    def test_each_row_refuses_what_it_does_not_allow(self):
        checked = [row for row in self.table if row[3]]
        self.assertGreater(len(checked), 12)
        for flag, key, variable, allowed in checked:
            with self.subTest(key):
                expected = f"Invalid value for {key}: -1. Allowed: {allowed}."
                self.assertIn(expected, self.refused(**{variable: "-1"}))
                if key != "allow-local-files":  # A flag without a value.
                    self.assertIn(expected, self.refused(f"--{flag}", "-1"))

    def test_a_flag_without_a_value_is_true_or_false_elsewhere(self):
        open_to_all = ("serve", "--host", "0.0.0.0", "--port", "0")
        for arguments, environment in (
            (("--allow-local-files",), {}),
            ((), {"LAMPLIGHTER_ALLOW_LOCAL_FILES": "yes"}),
            (("--config", self.file("allow-local-files: True\n")), {}),
        ):
            with self.subTest(arguments), tempfile.TemporaryDirectory() as data:
                said = self.run_program(*open_to_all, "--data", data, *arguments, **environment)
                self.assertIn("allow-local-files is possible only when host is a loopback address.", said.stderr)

    def test_a_flag_wins_over_the_environment_and_that_over_the_file(self):
        file = ("--config", self.file("max-connections: 1\nworker-cores: 0\n"))
        self.assertIn("max-connections: 1.", self.refused(*file))
        self.assertIn("max-connections: 2.", self.refused(*file, LAMPLIGHTER_MAX_CONNECTIONS="2"))
        said = self.refused(*file, "--max-connections", "3", LAMPLIGHTER_MAX_CONNECTIONS="2")
        self.assertIn("max-connections: 3.", said)
        # What is overridden does not matter.
        self.assertIn("worker-cores: 0.", self.refused(*file, "--max-connections", "16"))

    def test_a_file_with_anything_else_than_settings_is_refused(self):
        for text, expected in (
            ("max-conections: 100\n", "unknown key max-conections. Known: data, host, port,"),
            ("port: [1, 2]\n", "port must be a single value."),
            ("tls:\n  cert: a\n", "unknown key tls."),
            ("- port\n", "must hold lines of the form `key: value`."),
            ("port: [1\n", "is not YAML:"),
            ("port: 1\nport: 2\n", "is not YAML:"),
        ):
            with self.subTest(text):
                file = self.file(text)
                said = self.refused("--config", file)
                self.assertIn(file, said)
                self.assertIn(expected, said)
        self.assertIn("/none.yaml cannot be read.", self.refused("--config", "/none.yaml"))


if __name__ == "__main__":
    unittest.main()
