# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The legacy command line, databricks-cli, as a user has it: the installed program with a configuration of its own."""

import json
import pathlib
import subprocess
import sys

from https_front import clean_environment

PROGRAM = pathlib.Path(sys.executable).parent / "databricks"


class LegacyCLI:
    """`run` gives what a command printed, and asserts that it succeeded; `fails` the same for one that must not.
    Commands of `jobs` and `runs` get `--version=2.0`, which keeps a warning away."""

    def __init__(self, front, directory, **environment):
        self.directory = pathlib.Path(directory)
        self.config = self.directory / "databrickscfg"
        self.environment = {
            **clean_environment(), **front.environment, "DATABRICKS_CONFIG_FILE": str(self.config),
            # Were the newer command line on PATH too, it would be run instead.
            "DATABRICKS_CLI_DO_NOT_EXECUTE_NEWER_VERSION": "1", **environment}

    def process(self, *arguments, given=None):
        return subprocess.run(
            [PROGRAM, *map(str, arguments)], input=given, capture_output=True, text=True, timeout=120,
            cwd=self.directory, env=self.environment)

    def run(self, *arguments, given=None):
        done = self.process(*self.with_version(arguments), given=given)
        assert done.returncode == 0, f"{arguments}: exit status {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments))

    def fails(self, *arguments):
        done = self.process(*self.with_version(arguments))
        assert done.returncode != 0, f"{arguments} succeeded: {done.stdout}"
        return done.stdout + done.stderr

    @staticmethod
    def with_version(arguments):
        plain = arguments[0] in ("jobs", "runs") and arguments[1] != "configure"
        return [*arguments[:2], "--version=2.0", *arguments[2:]] if plain else arguments
