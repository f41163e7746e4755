# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What the server's log tells, in both of its formats."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server, program  # noqa: E402

SKIPPED = {"existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/a.py"}, "max_concurrent_runs": 0}
MISSING = {"existing_cluster_id": "default", "spark_python_task": {"python_file": "dbfs:/none.py"}}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


class LogsTest(unittest.TestCase):
    def server(self, *arguments):
        return self.enterContext(Server("--warm-notebooks", "false", *arguments))

    def lines(self, server):
        return [json.loads(line) for line in server.log.splitlines()]

    def line(self, server, message, **members):
        for line in self.lines(server):
            if line["message"] == message and members.items() <= line.items():
                return line
        self.fail(f"no line {message} {members} in {server.log}")

    def test_times_have_date_and_zone_in_both_formats(self):
        text = self.server().log.splitlines()
        as_json = self.lines(self.server("--log-format", "json"))
        self.assertTrue(text and as_json)
        for line in text:
            self.assertRegex(line, f"^{TIME.pattern} [a-z]+ [a-z.]+: ")
        for line in as_json:
            self.assertRegex(line["time"], f"^{TIME.pattern}$")

    def test_start_and_stop_are_told(self):
        server = self.server("--log-format", "json")
        url = server.url
        server.stop()
        messages = [line["message"] for line in self.lines(server)]
        start = self.line(server, "starting", data=str(server.data), runs_taken_up="0")
        self.assertRegex(start["version"], r"^\d")
        self.line(server, "serving", url=url)
        self.assertRegex(self.line(server, "answering notebooks that run here")["url"], "^http://127.0.0.1:")
        self.assertEqual(messages[-2:], ["stopping; tasks go on", "stopped"])
        self.assertFalse([message for message in messages if "Server started" in message])

    def test_a_closed_terminal_stops_the_server_like_any_other_stop(self):
        # Who runs the tests by nohup has it ignored, and servers inherit that.
        former = signal.signal(signal.SIGHUP, signal.SIG_DFL)
        self.addCleanup(signal.signal, signal.SIGHUP, former)
        server = self.server()
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(server.process.wait(timeout=30), 0)
        self.assertIn("stopped", server.log)

    def test_a_request_can_be_followed_from_the_answer_to_the_run(self):
        server = self.server("--log-format", "json")
        job = server.post("jobs/create", MISSING).json["job_id"]
        answer = server.call(
            "POST", "/api/2.0/jobs/run-now", {"job_id": job}, headers={"X-Request-Id": "trace-1/a"})
        self.assertEqual(answer.headers["X-Request-Id"], "trace-1/a")
        run = answer.json["run_id"]
        server.ended(run)
        ids = {"job_id": str(job), "run_id": str(run)}
        self.line(server, "run created", request_id="trace-1/a", user="admin", **ids)
        self.line(server, "request", request_id="trace-1/a", route="/api/2.0/jobs/run-now", status="200")
        self.line(server, "run moved", state="INTERNAL_ERROR", **ids)
        self.assertFalse([line for line in self.lines(server) if line.get("method") == "GET"])

    def test_a_fired_run_is_told_with_its_job(self):
        server = self.server("--log-format", "json")
        schedule = {"quartz_cron_expression": "* * * * * ?", "timezone_id": "UTC"}
        job = server.post("jobs/create", {**SKIPPED, "schedule": schedule}).json["job_id"]
        while not (runs := server.get("jobs/runs/list").json["runs"]):
            pass
        self.line(
            server, "run fired, and skipped for want of a slot", job_id=str(job), run_id=str(runs[-1]["run_id"]))

    def test_a_port_that_is_taken_is_named(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = str(taken.getsockname()[1])
            data = self.server().data.parent / "other"
            for host, reason in (("127.0.0.1", "Address already in use"), ("no.such.host.invalid", "no such host")):
                said = subprocess.run(
                    [program(), "serve", "--data", data, "--host", host, "--port", port, "--warm-notebooks", "false"],
                    capture_output=True, text=True, timeout=60)
                self.assertEqual(said.returncode, 1, said)
                self.assertIn(f"Error: The server cannot listen on {host}:{port}: ", said.stderr)
                self.assertIn(reason, said.stderr)
                self.assertNotIn("HummingbirdCore", said.stderr)

    def test_too_few_files_are_refused_and_not_run_into(self):
        said = subprocess.run(
            ["bash", "-c", 'ulimit -n 16; exec "$@"', "-", program(), "serve", "--data", "/dev/null/nowhere", "--port", "0"],
            capture_output=True, text=True, timeout=60)
        self.assertEqual(said.returncode, 1, said)
        self.assertIn("Error: Only 16 files may be open at the same time", said.stderr)

    def test_a_negative_number_is_refused_for_what_it_is(self):
        with tempfile.TemporaryDirectory() as data:
            said = subprocess.run(
                [program(), "serve", "--data", data, "--max-concurrent-runs", "-1"], capture_output=True, text=True)
        self.assertIn("Invalid value for max-concurrent-runs: -1.", said.stderr)


if __name__ == "__main__":
    unittest.main()
