# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""What /metrics tells an operator's alerts, from the first moment on.

    python3 -m unittest discover -s acceptance/server
"""

import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server  # noqa: E402

LINE = re.compile(r"([a-zA-Z_:][\w:]*)(?:\{((?:\w+=\"(?:[^\"\\\n]|\\.)*\",?)*)\})? (\S+)")


def samples(text):
    """{(name, labels): value}; fails on a line that is none of the format."""
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, labels, value = LINE.fullmatch(line).groups()
            found[name, labels or ""] = float(value)
    return found


class MetricsTest(unittest.TestCase):
    def test_what_has_not_happened_yet_is_there_as_zero(self):
        with Server() as server:
            answer = server.call("GET", "/metrics")
            found = samples(answer.text)
            ended = {labels: value for (name, labels), value in found.items() if name == "lamplighter_runs_ended_total"}
            self.assertEqual(len(ended), 6, ended)
            self.assertEqual(set(ended.values()), {0})
            for name in ("fired_runs_skipped", "slow_runs", "misfires", "store_commit_failures"):
                self.assertEqual(found[f"lamplighter_{name}_total", ""], 0)
            self.assertLess(abs(found["process_start_time_seconds", ""] - time.time()), 600)
            run = server.post("jobs/runs/submit", {
                "existing_cluster_id": "default", "shell_command_task": {"command": ["false"]}}).json["run_id"]
            server.ended(run)
            found = samples(server.call("GET", "/metrics").text)
            self.assertEqual(
                found["lamplighter_runs_ended_total", 'life_cycle_state="TERMINATED",result_state="FAILED"'], 1)

    def test_a_task_that_goes_on_across_a_restart_is_counted_as_dispatched_once(self):
        with Server() as server:
            run = server.post("jobs/runs/submit", {
                "existing_cluster_id": "default", "shell_command_task": {"command": ["sleep", "600"]}}).json["run_id"]
            self.wait_for_state(server, run, "RUNNING")
            server.wait(lambda: self.dispatched(server) == 1, "the first dispatch is counted")
            server.kill()
            server.start()
            # Another run shows that the dispatcher has taken up what it found.
            other = server.post("jobs/runs/submit", {
                "existing_cluster_id": "default", "shell_command_task": {"command": ["true"]}}).json["run_id"]
            server.ended(other)
            # The counters are this process's own: the run that goes on is not among them.
            self.assertEqual(self.dispatched(server), 1)
            server.post("jobs/runs/cancel", {"run_id": run})
            server.ended(run)
            self.assertEqual(self.dispatched(server), 1)

    @staticmethod
    def dispatched(server):
        found = samples(server.call("GET", "/metrics").text)
        return found.get(("lamplighter_dispatch_latency_seconds_count", ""), 0)

    @staticmethod
    def wait_for_state(server, run, state):
        server.wait(lambda: server.get(f"jobs/runs/get?run_id={run}").json["state"]["life_cycle_state"] == state, state)


if __name__ == "__main__":
    unittest.main()
