# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""A supervisor is killed, and a pid comes to mean another process."""

import ctypes
import os
import pathlib
import signal
import subprocess
import unittest

from support import FaultTest, eventually, is_alive

# The task has two children, one of which leaves its session: all three say their pids.
FAMILY = r"""
printf 'B %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ >> "$1/tasks.log"
child() {
    printf 'C %s %s\n' "$LAMPLIGHTER_RUN_ID" $$ >> "$1/tasks.log"
    until [ -e "$1/release" ] || [ ! -d "$1" ]; do sleep 0.2; done
}
export -f child
bash -c 'child "$1"' child "$1" &
setsid bash -c 'child "$1"' child "$1" &
wait
"""
PR_SET_CHILD_SUBREAPER = 36
UNKNOWN = "how the task ended is not known"


class SupervisorKilledTest(FaultTest):
    def family(self, **settings):
        return {
            "existing_cluster_id": "default",
            "shell_command_task": {"command": ["bash", "-c", FAMILY, "family", str(self.directory)]}, **settings}

    def launch(self, server, settings):
        """(run, supervisor, all processes of the task)."""
        run = self.submit(server, settings)
        task = self.begun(run)
        children = eventually(lambda: len(self.told("C", run)) == 2 and self.told("C", run), what="the task's children")
        processes = [task, *children]
        self.addCleanup(self.end, processes)
        return run, self.claim(run)[0], processes

    @staticmethod
    def end(processes):
        for pid in processes:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)

    def adopt_orphans(self):
        """What outlives its server becomes this process's child, and stays a zombie when it ends: an init may be slow."""
        libc = ctypes.CDLL(None, use_errno=True)
        self.assertEqual(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0)
        self.addCleanup(libc.prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)

    def assert_gone(self, processes):
        eventually(lambda: not any(map(is_alive, processes)), timeout=20, what="the end of the task's processes")

    def test_the_run_ends_its_processes_too_and_it_is_tried_again(self):
        server = self.serve()
        run, supervisor, processes = self.launch(server, self.family(max_retries=1))
        os.kill(supervisor, signal.SIGKILL)
        ended = server.ended(run, timeout=30)
        self.assert_result(ended, "INTERNAL_ERROR", "FAILED")
        self.assertIn(UNKNOWN, ended["state"]["state_message"])
        self.assert_gone(processes)
        retry = server.get("jobs/runs/list?active_only=true").json["runs"][0]
        self.assertEqual((retry["original_attempt_run_id"], retry["attempt_number"]), (run, 1))
        self.begun(retry["run_id"])
        server.post("jobs/runs/cancel", {"run_id": retry["run_id"]})
        self.assert_result(server.ended(retry["run_id"]), "TERMINATED", "CANCELED")

    def test_the_same_while_the_server_is_down(self):
        self.adopt_orphans()
        server = self.serve()
        run, supervisor, processes = self.launch(server, self.family())
        server.kill()
        os.kill(supervisor, signal.SIGKILL)
        eventually(lambda: not is_alive(supervisor))
        server.start()
        self.assert_result(server.ended(run, timeout=30), "INTERNAL_ERROR", "FAILED")
        self.assert_gone(processes)

    def test_a_supervisor_that_is_killed_after_the_task_has_ended_changes_nothing(self):
        server = self.serve()
        run = self.submit(server, self.waiting())
        self.begun(run)
        self.release()
        self.assert_result(server.ended(run), "TERMINATED", "SUCCESS")
        self.assertFalse(is_alive(self.claim(run)[0]))


class ReusedPIDTest(FaultTest):
    def bystander(self):
        """A process that has nothing to do with the server."""
        process = subprocess.Popen(["sleep", "600"], start_new_session=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def lose_supervisor(self, server, **settings):
        """A run whose supervisor died while the server was down, and whose pid another process has since."""
        run = self.submit(server, self.waiting(**settings))
        task = self.begun(run)
        server.kill()
        supervisor, ticks, boot = self.claim(run)
        os.kill(supervisor, signal.SIGKILL)
        eventually(lambda: not is_alive(supervisor) and not is_alive(task), what="the end of supervisor and task")
        return run, ticks, boot

    def reuse(self, run, ticks, boot):
        bystander = self.bystander()
        self.claim_file(run).chmod(0o600)
        self.claim_file(run).write_text(f"{bystander.pid} {ticks} {boot}\n")
        return bystander

    def test_the_process_that_has_the_pid_is_neither_waited_for_nor_ended(self):
        server = self.serve()
        run, ticks, boot = self.lose_supervisor(server)
        bystander = self.reuse(run, ticks, boot)
        server.start()
        ended = server.ended(run, timeout=30)
        self.assert_result(ended, "INTERNAL_ERROR", "FAILED")
        self.assertIn(UNKNOWN, ended["state"]["state_message"])
        self.assertIsNone(bystander.poll(), "a stranger was killed")

    def test_a_pid_of_another_boot_is_nobodys(self):
        server = self.serve()
        run, _, _ = self.lose_supervisor(server)
        bystander = self.bystander()
        ticks = pathlib.Path(f"/proc/{bystander.pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
        self.claim_file(run).write_text(f"{bystander.pid} {ticks} 00000000-0000-0000-0000-000000000000\n")
        server.start()
        self.assert_result(server.ended(run, timeout=30), "INTERNAL_ERROR", "FAILED")
        self.assertIsNone(bystander.poll(), "a stranger was killed")

    def test_a_cancelled_run_that_is_picked_up_does_not_end_it_either(self):
        server = self.serve()
        run, ticks, boot = self.lose_supervisor(server, timeout_seconds=1)
        bystander = self.reuse(run, ticks, boot)
        # Its timeout is over by now: whichever comes first, the run ends, and only the run.
        server.start()
        self.assertIn(server.ended(run, timeout=30)["state"]["result_state"], ("FAILED", "TIMEDOUT"))
        self.assertIsNone(bystander.poll(), "a stranger was killed")

    def test_an_exit_record_of_another_supervisor_is_not_believed(self):
        server = self.serve()
        run, ticks, boot = self.lose_supervisor(server)
        (self.claim_file(run).parent / "exit").write_text(
            '{"supervisor_pid":1,"supervisor_start_ticks":1,"boot_id":"%s","exit_code":0,"signal":null,'
            '"exec_error":null,"started_at":1,"ended_at":2,"cpu_ms":0,"peak_memory_bytes":0}\n' % boot)
        server.start()
        self.assert_result(server.ended(run, timeout=30), "INTERNAL_ERROR", "FAILED")


if __name__ == "__main__":
    unittest.main()
