# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""What the tests share. They run on the installed runtime, but test the sources beside them."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent
RUNTIME = Path(sys.prefix).parent
SPARK_HOME = RUNTIME / "spark"
DRIVER = SOURCE / "python" / "driver.py"
PREPARE = SOURCE / "python" / "prepare.py"

# Long enough for a machine that does much else; a test never waits that long unless something is broken.
PATIENCE = 120


def wait_until(condition, what):
    """Polls; returns the first true value."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.02)
    raise AssertionError(f"waited {PATIENCE} s in vain for {what}")


class RuntimeTestCase(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.task = self.folder / "task"
        self.task.mkdir()

    def environment(self, **more):
        other = ("SPARK_", "PYSPARK_", "LAMPLIGHTER_", "PYTHON")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(other)}
        kept.update(
            LAMPLIGHTER_TASK_DIR=str(self.task),
            LAMPLIGHTER_JVM_PROFILE="start",
            SPARK_HOME=str(SPARK_HOME),
            SPARK_LOCAL_IP="127.0.0.1",
            PYTHONHASHSEED="0",
            TMPDIR=str(self.folder),
        )
        kept.update({k: str(v) for k, v in more.items()})
        return kept

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def call(self, *command, **environment):
        return subprocess.run(
            [str(c) for c in command],
            env=self.environment(**environment),
            cwd=self.folder,
            capture_output=True,
            timeout=PATIENCE,
            text=True,
        )

    def task_file(self, name):
        path = self.task / name
        return json.loads(path.read_text()) if path.exists() else None

    def java(self, sources):
        """Compiles {file name: text} against Spark; returns the class directory."""
        classes = self.folder / "classes"
        paths = [self.write("src/" + name, text) for name, text in sources.items()]
        done = self.call("javac", "-nowarn", "-d", classes, "-cp", f"{SPARK_HOME}/jars/*", *paths)
        self.assertEqual(done.returncode, 0, done.stderr)
        return classes

    def jar(self, name, folder):
        path = self.folder / name
        with zipfile.ZipFile(path, "w") as jar:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    jar.write(file, file.relative_to(folder))
        return path


def errors_of_logs(text):
    return [line for line in text.splitlines() if re.search(r"\b(ERROR|Exception)\b", line)]
