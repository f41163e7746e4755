# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""setup.sh on a machine that lacks programs: which packages it asks for."""

import os
import unittest
from pathlib import Path

from support import SOURCE, RuntimeTestCase


class PackagesTests(RuntimeTestCase):
    def packages(self, *missing):
        """What apt is asked to install on a machine that has all programs of this one but these."""
        programs = self.folder / "programs"
        programs.mkdir()
        # jq is missing always: then apt is asked for something, and setup ends since it does not get it.
        left_out = {*missing, "jq", "apt-get", "sudo"}
        for folder in os.environ["PATH"].split(os.pathsep):
            for program in Path(folder).glob("*") if Path(folder).is_dir() else ():
                if program.name not in left_out and not (programs / program.name).is_symlink():
                    (programs / program.name).symlink_to(program)
        asked = self.folder / "asked"
        for name, script in (("apt-get", f'printf "%s\\n" "$@" >> \'{asked}\'; exit 1'), ("sudo", 'exec "$@"')):
            path = self.write(f"programs/{name}", f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        done = self.call(
            "bash", SOURCE / "setup.sh", PATH=programs, LAMPLIGHTER_RUNTIME=self.folder / "runtime"
        )  # fmt: skip
        self.assertNotEqual(done.returncode, 0)
        packages = asked.read_text().split()
        self.assertIn("jq", packages, done.stderr)
        return packages

    def test_rsync_is_installed_where_it_is_missing(self):
        self.assertIn("rsync", self.packages("rsync"))


if __name__ == "__main__":
    unittest.main()
