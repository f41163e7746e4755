# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Values of secrets in the output of a task: [REDACTED], however the output comes in pieces."""

import pathlib
import random
import signal
import socket
import sys
import textwrap
import unittest
from unittest import mock

from test_supervisor import SupervisorTestCase, eventually, stat_fields

PYTHON = pathlib.Path(__file__).resolve().parents[1] / "python"
sys.path.insert(0, str(PYTHON))
from lamplighter.supervisor import hide

MARK = b"[REDACTED]"

# In a task: waits until the supervisor has read all that was written to standard output.
UNTIL_TAKEN = """
import array, fcntl, os, sys, termios
def until_taken():
    left = array.array("i", [1])
    while left[0]:
        os.sched_yield()
        fcntl.ioctl(1, termios.FIONREAD, left)
"""


def redacted(data, secrets):
    """The rule, said plainly: from left to right, the longest value that stands at a place."""
    result, place = b"", 0
    while place < len(data):
        found = max((value for value in secrets if data.startswith(value, place)), key=len, default=None)
        result += MARK if found else data[place : place + 1]
        place += len(found) if found else 1
    return result


class RedactionTests(SupervisorTestCase):
    def run_pieces(self, pieces, secrets, options=()):
        """A task that writes the pieces one by one, each when the one before has been taken."""
        variables = {f"LAMPLIGHTER_REDACT_{index}": value.decode() for index, value in enumerate(secrets)}
        script = UNTIL_TAKEN + f"for piece in {pieces!r}:\n    os.write(1, piece)\n    until_taken()\n"
        return self.record(self.start("python3", "-c", script, environment=variables, options=options))

    def test_values_in_one_piece_and_in_many(self):
        data = b"a secret, a Secret, secretsecret, secre, se"
        for size in (1, 2, 5, 7, len(data)):
            with self.subTest(size):
                self.setUp()
                pieces = [data[at : at + size] for at in range(0, len(data), size)]
                record = self.run_pieces(pieces, [b"secret"])
                self.assertEqual(self.output(), b"a [REDACTED], a Secret, [REDACTED][REDACTED], secre, se")
                self.assertEqual((record["stdout_bytes"], record["stdout_dropped_bytes"]), (len(self.output()), 0))

    def test_any_text_any_values_any_pieces(self):
        random_numbers = random.Random(5)
        for _ in range(30):
            self.setUp()
            secrets = {
                bytes(random_numbers.choices(b"abc", k=random_numbers.randint(1, 6)))
                for _ in range(random_numbers.randint(1, 4))
            }
            data = bytes(random_numbers.choices(b"abcd", k=random_numbers.randint(0, 300)))
            pieces, rest = [], data
            while rest:
                size = random_numbers.randint(1, 40)
                pieces.append(rest[:size])
                rest = rest[size:]
            self.run_pieces(pieces, sorted(secrets))
            self.assertEqual(self.output(), redacted(data, secrets), (data, secrets))

    def test_standard_error_too_and_no_empty_value(self):
        self.run_shell("echo hush >&2; echo hush", environment={"LAMPLIGHTER_REDACT_0": "", "LAMPLIGHTER_REDACT_x": "hush"})
        self.assertEqual((self.output(), self.output("stderr")), (MARK + b"\n", MARK + b"\n"))

    def test_marks_that_are_longer_than_values_keep_within_the_cap(self):
        record = self.run_pieces([b"x" * 4096] * 10, [b"x"], options=["--output-cap", 4096])
        self.assertEqual((len(self.output()), record["stdout_bytes"]), (4096, 409_600))
        self.assertEqual(self.output(), (MARK * 410)[:4096])
        tails = [len(self.output(f"stdout.tail{number}")) for number in (0, 1)]
        self.assertTrue(1024 <= sum(tails) <= 2048 and max(tails) <= 1024, tails)

    def test_values_that_the_task_tells_while_it_runs(self):
        secrets = [b"second", b"a \0 and more", b"l" * 100_000, b"sec", b"second"]
        process = self.start_python(
            UNTIL_TAKEN
            + textwrap.dedent(f"""
            sys.path.insert(0, {str(PYTHON)!r})
            from lamplighter.supervisor import hide
            os.write(1, b"second first third|")
            until_taken()  # what the supervisor has not read yet when it is told would be redacted too
            for number, secret in enumerate({secrets!r}):
                hide({str(self.directory)!r}, secret)
                os.write(1 + number % 2, b"<" + secret + b">")
            hide({str(self.directory)!r}, b"x" * 1_000_000)  # longer than a secret can be: left alone
            os.write(1, b"second first third")
            """),
            environment={"LAMPLIGHTER_REDACT_0": "first"},
        )
        self.assertEqual(self.record(process)["exit_code"], 0)
        self.assertEqual(self.output(), b"second [REDACTED] third|" + b"<[REDACTED]>" * 3 + b"[REDACTED] [REDACTED] third")
        self.assertEqual(self.output("stderr"), b"<[REDACTED]>" * 2)
        self.assertFalse((self.directory / "redact").exists())

    def test_a_value_is_redacted_in_what_waits_in_the_pipe_when_it_is_told(self):
        before, after = self.make_gate(), self.make_gate()
        process = self.start(
            "sh", "-c", f"read line < gate; printf 'hush|'; touch written; read line < {after}/gate; printf hush",
            options=["--cwd", before],
        )  # fmt: skip
        self.task()
        process.send_signal(signal.SIGSTOP)
        eventually(lambda: stat_fields(process.pid)[3] == "T", "the supervisor to be stopped")
        self.let_through(before)
        eventually((before / "written").exists, "the first output")
        send = socket.socket.send

        def send_and_resume(letters, value):
            send(letters, value)
            process.send_signal(signal.SIGCONT)

        with mock.patch.object(socket.socket, "send", send_and_resume):
            hide(self.directory, b"hush")
        self.let_through(after)
        self.record(process)
        self.assertEqual(self.output(), MARK + b"|" + MARK)

    def test_what_is_held_back_is_kept_when_the_task_is_stopped(self):
        process = self.start("sh", "-c", "printf 'line\\nhus'; exec sleep 1000", environment={"LAMPLIGHTER_REDACT_0": "hush"})
        self.wait_for_output(b"line\n")
        process.send_signal(signal.SIGTERM)
        self.record(process)
        self.assertEqual(self.output(), b"line\nhus")


if __name__ == "__main__":
    unittest.main()
