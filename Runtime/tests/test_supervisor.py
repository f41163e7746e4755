# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The supervisor as its users see it: a process, its directory, its signals.

Run with `python3 -m unittest`. LAMPLIGHTER_SUPERVISOR names the binary; without it, it is compiled with `cc`.
"""

import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest
import uuid

SOURCES = pathlib.Path(__file__).resolve().parents[2] / "Sources"
MARKER = "LAMPLIGHTER_TEST_MARKER"
# Long enough for a machine that does much else; a test never waits that long unless something is broken.
PATIENCE = 120.0

# Every Python task begins with this: it is a process that nothing short of SIGKILL ends, and says so.
STUBBORN = "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"


def compile_c(output, *arguments):
    command = ["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", *map(str, arguments), "-o", str(output)]
    subprocess.run(command, check=True)
    return str(output)


def compile_supervisor(output, *flags):
    return compile_c(output, "-static", *flags, *sorted((SOURCES / "task-supervisor").glob("*.c")))


def eventually(condition, what, patience=PATIENCE):
    """Waits for a condition to hold and returns what it returned."""
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"did not happen in {patience} s: {what}")
        time.sleep(0.005)


def read_or_none(path, mode="rb"):
    try:
        with open(path, mode) as file:
            return file.read()
    except OSError:
        return None


def stat_fields(pid):
    """The fields of /proc/PID/stat as in proc(5), from 3 on; None when there is no such process."""
    line = read_or_none(f"/proc/{pid}/stat")
    return None if line is None else dict(enumerate(line[line.rindex(b")") + 2 :].decode().split(), start=3))


def is_alive(pid):
    fields = stat_fields(pid)
    return fields is not None and fields[3] not in "ZX"


def carriers_of(marker):
    """The processes that have the marker in their environment."""
    needle = f"{MARKER}={marker}".encode()
    pids = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in pids if needle in (read_or_none(f"/proc/{pid}/environ") or b"")]


class SupervisorTestCase(unittest.TestCase):
    supervisor = None

    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix="lamplighter-supervisor-"))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, ignore_errors=True)
        given = os.environ.get("LAMPLIGHTER_SUPERVISOR")
        cls.supervisor = given or compile_supervisor(cls.scratch / "task-supervisor")

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        self.marker = uuid.uuid4().hex
        self.addCleanup(self.kill_carriers)

    def kill_carriers(self):
        for pid in carriers_of(self.marker):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    # Starting

    def start(self, *command, options=(), environment=None, directory=None, **popen):
        arguments = [self.supervisor, "--dir", str(directory or self.directory), *map(str, options), "--", *command]
        environment = {**os.environ, MARKER: self.marker, **(environment or {})}
        process = subprocess.Popen(
            arguments, env=environment, start_new_session=True, stdin=subprocess.DEVNULL,
            stdout=popen.pop("stdout", subprocess.DEVNULL), stderr=popen.pop("stderr", subprocess.DEVNULL), **popen)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.wait()
        if process.stderr:
            process.stderr.close()

    def start_python(self, program, *arguments, **keywords):
        return self.start(sys.executable, "-c", textwrap.dedent(program), *arguments, **keywords)

    def start_stubborn(self, program, *arguments, **keywords):
        return self.start_python(STUBBORN + textwrap.dedent(program), *arguments, **keywords)

    # Waiting

    def wait(self, process, status=0):
        self.assertEqual(process.wait(timeout=PATIENCE), status)

    def record(self, process):
        """The exit record, once the supervisor has ended; and then nothing of the task may be alive."""
        self.wait(process)
        self.assertEqual(carriers_of(self.marker), [])
        return self.read_record()

    def read_record(self):
        text = (self.directory / "exit").read_bytes()
        self.assertEqual(text.count(b"\n"), 1)
        record = json.loads(text)
        self.assertLessEqual(record["started_at"], record["ended_at"])
        self.assertLessEqual(record["ended_at"], record["tree_ended_at"])
        return record

    def run_shell(self, script, **keywords):
        return self.record(self.start("sh", "-c", script, **keywords))

    def output(self, name="stdout"):
        return read_or_none(self.directory / name) or b""

    def task(self):
        return eventually(lambda: json.loads(read_or_none(self.directory / "task") or "null"), "a task record")

    def wait_for_output(self, text):
        eventually(lambda: text in self.output(), f"output of {text!r}")

    def wait_for_lines(self, count):
        eventually(lambda: self.output().count(b"\n") >= count, f"{count} lines of output")


    # A task that does `read line < gate` in its working directory waits until it is let through.

    def make_gate(self):
        space = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        os.mkfifo(space / "gate")
        return space

    @staticmethod
    def let_through(space):
        def open_gate():
            try:
                return os.open(space / "gate", os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody waits there yet
                return None

        gate = eventually(open_gate, "the task to wait at the gate")
        os.write(gate, b"go\n")
        os.close(gate)


class EndingTests(SupervisorTestCase):
    """How a task's end is told."""

    def test_an_exit_code_is_recorded(self):
        for code in (0, 1, 42, 255):
            with self.subTest(code=code):
                self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
                record = self.run_shell(f"exit {code}")
                self.assertEqual((record["exit_code"], record["signal"], record["exec_error"]), (code, None, None))
                self.assertFalse(record["stop_requested"] or record["killed"])
                self.assertEqual(record["orphans"], 0)

    def test_a_deadly_signal_is_recorded(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGUSR1):
            with self.subTest(signal=number):
                self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
                record = self.run_shell(f"kill -{int(number)} $$")
                self.assertEqual((record["exit_code"], record["signal"]), (None, number))
                self.assertFalse(record["stop_requested"])

    def test_a_program_that_cannot_be_executed_is_recorded(self):
        forbidden = self.directory / "not-executable"
        forbidden.write_text("x")
        for program, error in [("/no/such/program", "No such file or directory"), ("no-such-program-either",
                               "No such file or directory"), (str(forbidden), "Permission denied")]:
            with self.subTest(program=program):
                self.directory = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
                record = self.record(self.start(program))
                self.assertEqual((record["exit_code"], record["signal"]), (127, None))
                self.assertEqual(record["exec_error"], error)

    def test_a_missing_working_directory_is_recorded(self):
        record = self.record(self.start("true", options=["--cwd", "/no/such/directory"]))
        self.assertEqual(record["exit_code"], 127)
        self.assertEqual(record["exec_error"], "working directory: No such file or directory")

    def test_exit_code_127_of_the_program_itself_is_no_exec_error(self):
        record = self.run_shell("exit 127")
        self.assertEqual((record["exit_code"], record["exec_error"]), (127, None))

    def test_cpu_time_and_peak_memory_cover_the_tree(self):
        record = self.record(self.start_python("""
            import os, time
            memory = None
            if os.fork() == 0:
                memory = bytearray(150 * 1024 * 1024)
                for at in range(0, len(memory), 4096): memory[at] = 1
                os._exit(0)
            os.wait()
            while time.process_time() < 0.3: pass
        """))
        self.assertTrue(300 <= record["cpu_ms"] <= 3000, record)
        self.assertTrue(150 << 20 <= record["peak_memory_bytes"] <= 250 << 20, record)

    def test_times_are_those_of_the_wall_clock(self):
        before = time.time() * 1000
        record = self.run_shell("sleep 0.1")
        after = time.time() * 1000
        self.assertTrue(before - 2 <= record["started_at"] and record["tree_ended_at"] <= after + 2)
        self.assertTrue(99 <= record["ended_at"] - record["started_at"] <= after - before + 2, record)

    def test_the_end_of_the_main_process_is_not_the_end_of_the_tree(self):
        record = self.record(self.start_stubborn("""
            if os.fork() == 0:
                time.sleep(1000)
        """, options=["--grace-ms", 300]))
        self.assertTrue(record["killed"])
        self.assertGreaterEqual(record["tree_ended_at"] - record["ended_at"], 295)


    def test_the_end_of_the_main_process_is_recorded_before_what_it_leaves_is_asked_to_end(self):
        record = self.record(self.start_python("""
            import os, signal, sys, time
            reading, writing = os.pipe()
            if os.fork() == 0:
                def asked(*_):
                    with open(sys.argv[1], "rb") as file: os.write(1, file.read())
                    os._exit(0)
                signal.signal(signal.SIGTERM, asked)
                os.write(writing, b"ready")
                while True: time.sleep(1000)
            os.read(reading, 1)
            os._exit(3)
        """, self.directory / "main-exit"))
        seen = json.loads(self.output())
        self.assertEqual((seen["exit_code"], seen["signal"], seen["tree_ended_at"]), (3, None, None))
        for name in ("supervisor_pid", "supervisor_start_ticks", "boot_id", "task_pid", "started_at", "ended_at"):
            self.assertEqual(seen[name], record[name])

    def test_a_main_process_that_leaves_nothing_has_only_the_one_record(self):
        self.run_shell("true & wait")
        self.assertFalse((self.directory / "main-exit").exists())


class EnvironmentTests(SupervisorTestCase):
    """What a task finds when it starts."""

    def test_start_ticks_boot_id_and_pids_are_those_of_proc(self):
        process = self.start("sleep", "1000")
        task = self.task()
        self.assertEqual(task["task_start_ticks"], int(stat_fields(task["task_pid"])[22]))
        ticks = int(stat_fields(process.pid)[22])
        boot_id = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        self.assertEqual(self.output("claim").decode(), f"{process.pid} {ticks} {boot_id}\n")
        process.terminate()
        record = self.record(process)
        self.assertEqual(record["supervisor_pid"], process.pid)
        self.assertEqual(record["supervisor_start_ticks"], ticks)
        self.assertEqual(record["boot_id"], boot_id)
        self.assertEqual(record["task_pid"], task["task_pid"])
        self.assertEqual(record["started_at"], task["started_at"])

    def test_start_ticks_are_read_past_a_confusing_name(self):
        confusing = self.scratch / "a) S 1 (b"
        shutil.copy(self.supervisor, confusing)
        confusing.chmod(0o755)
        self.supervisor = str(confusing)
        process = self.start("sleep", "1000")
        self.task()
        self.assertEqual(int(self.output("claim").split()[1]), int(stat_fields(process.pid)[22]))
        process.terminate()
        self.record(process)

    def test_a_task_has_its_own_session_and_clean_signals(self):
        def disturb():
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1, signal.SIGTERM})

        process = self.start("sleep", "1000", preexec_fn=disturb)
        pid = self.task()["task_pid"]
        eventually(lambda: read_or_none(f"/proc/{pid}/comm") == b"sleep\n", "exec")
        fields = stat_fields(pid)
        self.assertEqual((int(fields[4]), int(fields[5]), int(fields[6])), (process.pid, pid, pid))
        lines = read_or_none(f"/proc/{pid}/status", "r").splitlines()
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        # Signals 32 and 33 are the C library's own: it lets nobody change how they were inherited.
        internal = 0b11 << 31
        for name in ("SigBlk", "SigIgn", "SigCgt"):
            self.assertEqual(int(status[name], 16) & ~internal, 0, name)
        self.assertEqual(os.readlink(f"/proc/{pid}/fd/0"), "/dev/null")
        self.assertEqual(sorted(os.listdir(f"/proc/{pid}/fd")), ["0", "1", "2"])
        own = int(read_or_none("/proc/self/oom_score_adj"))
        self.assertGreater(int(read_or_none(f"/proc/{pid}/oom_score_adj")), min(own, 999))
        process.terminate()
        self.assertEqual(self.record(process)["signal"], signal.SIGTERM)

    def test_core_dumps_are_off_and_the_environment_and_directory_are_those_given(self):
        record = self.record(self.start_python("""
            import os, resource, sys
            print(resource.getrlimit(resource.RLIMIT_CORE), os.environ["GIVEN"], os.getcwd(), sys.argv[1:])
        """, "a b", "", "ü", options=["--cwd", "/usr"], environment={"GIVEN": "x y"}))
        self.assertEqual(record["exit_code"], 0)
        self.assertEqual(self.output().decode(), "(0, 0) x y /usr ['a b', '', 'ü']\n")

    def test_the_supervisor_holds_nothing_of_its_parent(self):
        reading, writing = os.pipe()
        process = self.start("sleep", "1000", pass_fds=[writing])
        os.close(writing)
        self.task()
        with open(reading, "rb") as pipe:
            os.set_blocking(reading, False)
            eventually(lambda: pipe.read() == b"", "the end of the inherited pipe")
        for descriptor in "012":
            self.assertEqual(os.readlink(f"/proc/{process.pid}/fd/{descriptor}"), "/dev/null")
        self.assertEqual(os.readlink(f"/proc/{process.pid}/cwd"), "/")
        process.terminate()
        self.record(process)

    def test_files_are_private(self):
        self.run_shell("echo x; echo y >&2")
        for name in ("claim", "task", "stdout", "stderr", "exit"):
            self.assertEqual((self.directory / name).stat().st_mode & 0o777, 0o600, name)
        self.assertEqual(sorted(os.listdir(self.directory)), ["claim", "exit", "stderr", "stdout", "task"])


class ClaimTests(SupervisorTestCase):
    """A task is started once, ever."""

    def test_of_50_supervisors_at_once_one_starts_the_task(self):
        witness = self.scratch / f"witness-{self.marker}"
        script = f"echo run >> '{witness}'; sleep 0.2"
        statuses = [process.wait(timeout=PATIENCE) for process in [self.start("sh", "-c", script) for _ in range(50)]]
        self.assertEqual(sorted(statuses), [0] + [17] * 49)
        self.assertEqual(witness.read_text(), "run\n")
        self.assertEqual(self.read_record()["exit_code"], 0)
        self.assertEqual([name for name in os.listdir(self.directory) if name.startswith("claim.")], [])

    def test_a_claimed_directory_is_left_alone(self):
        (self.directory / "claim").write_text("somebody\n")
        before = self.directory.stat().st_mtime_ns
        self.wait(self.start("touch", str(self.directory / "ran")), 17)
        self.assertEqual(os.listdir(self.directory), ["claim"])
        self.assertEqual(self.directory.stat().st_mtime_ns, before)

    def test_what_a_crash_left_of_a_claim_is_no_claim(self):
        (self.directory / "claim.4711.tmp").write_text("47")
        self.assertEqual(self.run_shell("exit 5")["exit_code"], 5)

    def test_a_directory_that_cannot_be_written_starts_nothing(self):
        self.directory.chmod(0o500)
        self.scratch.chmod(0o755)
        become = (lambda: (os.setgid(65534), os.setuid(65534))) if os.geteuid() == 0 else None
        witness = self.scratch / f"ran-{self.marker}"
        for directory in (self.directory, "/proc", "/no/such/directory", "/dev/null"):
            with self.subTest(directory=directory):
                process = self.start(
                    "touch", str(witness), directory=directory, stderr=subprocess.PIPE,
                    preexec_fn=become if directory == self.directory else None)
                message = process.stderr.read()
                self.wait(process, 73)
                self.assertIn(b"cannot claim the directory", message)
        self.assertFalse(witness.exists())

    def test_wrong_usage_says_what_is_wrong(self):
        directory = str(self.directory)
        for arguments in ([], ["--dir", directory], ["--dir", directory, "--"], ["--dir", "relative", "--", "true"],
                          ["--dir", directory, "--grace-ms", "-1", "--", "true"], ["--", "true"],
                          ["--dir", directory, "--grace-ms", "99999999999999999999", "--", "true"],
                          ["--dir", directory, "--output-cap", "1k", "--", "true"],
                          ["--dir", directory, "--stdout-name", "../x", "--", "true"],
                          ["--dir", directory, "--stdout-name", "exit", "--", "true"],
                          ["--dir", directory, "--stdout-name", "main-exit.x", "--", "true"],
                          ["--dir", directory, "--end-after", "relative", "--", "true"],
                          ["--dir", directory, "--end-after-ms", "-1", "--", "true"],
                          ["--dir", directory, "--what", "x", "--", "true"], ["--dir", directory, "--cwd"]):
            with self.subTest(arguments=arguments):
                result = subprocess.run([self.supervisor, *arguments], capture_output=True, start_new_session=True)
                self.assertEqual(result.returncode, 64)
                self.assertIn(b"usage: task-supervisor", result.stderr)
        self.assertEqual(os.listdir(directory), [])


class OutputTests(SupervisorTestCase):
    """What becomes of the task's output."""

    def test_both_streams_are_kept_apart_and_counted(self):
        record = self.run_shell("echo out; echo error >&2", options=["--stdout-name", "log.txt"])
        self.assertEqual((self.output("log.txt"), self.output("stderr")), (b"out\n", b"error\n"))
        self.assertEqual((record["stdout_bytes"], record["stderr_bytes"]), (4, 6))

    def test_binary_output_is_kept_as_it_is(self):
        record = self.record(self.start_python("""
            import sys
            sys.stdout.buffer.write(bytes(range(256)) * 4096)
        """))
        self.assertEqual(self.output(), bytes(range(256)) * 4096)
        self.assertEqual(record["stdout_bytes"], 1 << 20)

    def test_output_can_be_read_while_the_task_runs(self):
        process = self.start("sh", "-c", "echo first; exec sleep 1000")
        self.wait_for_output(b"first\n")
        self.assertIsNone(process.poll())
        process.terminate()
        self.record(process)

    def test_output_beyond_the_cap_keeps_head_and_tail_on_a_bounded_disk(self):
        cap, lines = 1 << 20, 1_310_720  # lines of 8 bytes: ten times the cap
        process = self.start_python(f"""
            import sys
            for first in range(0, {lines}, 1024):
                sys.stdout.write("".join(f"%07d\\n" % n for n in range(first, first + 1024)))
        """, options=["--output-cap", cap])
        names = ("stdout", "stdout.tail0", "stdout.tail1")
        most = 0
        while process.poll() is None:
            most = max(most, sum(len(self.output(name)) for name in names))
        record = self.record(process)
        self.assertEqual(record["stdout_bytes"], lines * 8)
        self.assertEqual(record["stdout_dropped_bytes"], 0)
        self.assertLessEqual(most, cap + cap // 2)
        self.assertEqual(self.output(), b"".join(b"%07d\n" % n for n in range(cap // 8)))
        newest = record["stdout_newest_tail"]
        tail = self.output(f"stdout.tail{1 - newest}") + self.output(f"stdout.tail{newest}")
        self.assertTrue(cap // 4 <= len(tail) <= cap // 2, len(tail))
        self.assertEqual(tail, b"".join(b"%07d\n" % n for n in range(lines - len(tail) // 8, lines)))

    def test_output_of_exactly_the_cap_makes_no_tail(self):
        record = self.run_shell("head -c 4096 /dev/zero", options=["--output-cap", 4096])
        self.assertEqual((len(self.output()), record["stdout_bytes"]), (4096, 4096))
        self.assertFalse(list(self.directory.glob("*.tail*")))
        self.assertIsNone(record["stdout_newest_tail"])

    def test_the_smallest_cap_works(self):
        record = self.run_shell("printf 0123456789", options=["--output-cap", 4])
        tails = {self.output("stdout.tail0"), self.output("stdout.tail1")}
        self.assertEqual((self.output(), tails, record["stdout_bytes"]), (b"0123", {b"8", b"9"}, 10))

    def test_what_is_in_the_pipe_at_the_end_is_taken_though_orphans_hold_it(self):
        record = self.record(self.start_stubborn("""
            if os.fork() == 0:
                time.sleep(1000)
            os.write(1, b"x" * 65536)
        """, options=["--grace-ms", 50]))
        self.assertEqual((record["stdout_bytes"], record["orphans"]), (65536, 1))

    def test_a_orphan_that_never_stops_writing_does_not_hold_up_the_end(self):
        record = self.record(self.start_stubborn("""
            if os.fork() == 0:
                while True: os.write(1, b"x" * 65536)
            while os.fork() == 0: os._exit(0)
        """, options=["--output-cap", 4096, "--grace-ms", 100]))
        self.assertEqual(record["exit_code"], 0)
        self.assertTrue(record["killed"])

    def test_a_task_that_closes_its_output_goes_on(self):
        self.assertEqual(self.run_shell("exec >&- 2>&-; sleep 0.1; exit 3")["exit_code"], 3)


class FullDiskTests(SupervisorTestCase):
    """A disk that is full costs output, not the task nor its record."""

    def setUp(self):
        super().setUp()
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.mount(b"tmpfs", str(self.directory).encode(), b"tmpfs", 0, b"size=256k") != 0:
            self.skipTest("a small file system needs the right to mount")
        self.addCleanup(libc.umount2, str(self.directory).encode(), 2)

    def test_output_is_dropped_and_counted_and_the_record_comes_when_there_is_room(self):
        ballast = self.directory / "ballast"
        space = self.make_gate()
        process = self.start("sh", "-c", "echo begin; read line < gate; head -c 1000000 /dev/zero; echo end; exit 6",
                             options=["--cwd", space, "--output-cap", 500000])
        self.wait_for_output(b"begin\n")
        with open(ballast, "wb", buffering=0) as file, self.assertRaises(OSError):
            while True:
                file.write(bytes(4096))
        self.let_through(space)
        pid = self.task()["task_pid"]
        eventually(lambda: not is_alive(pid), "the end of the task")
        # The second attempt has failed too when the temporary file was made and removed again.
        before = self.directory.stat().st_mtime_ns
        eventually(lambda: self.directory.stat().st_mtime_ns != before, "another attempt")
        self.assertFalse((self.directory / "exit").exists())
        self.assertIsNone(process.poll())
        ballast.unlink()
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["stdout_bytes"]), (6, 1000010))
        self.assertGreater(record["stdout_dropped_bytes"], 700000)
        self.assertEqual(len(self.output()), record["stdout_bytes"] - record["stdout_dropped_bytes"])
        self.assertIsNone(record["stdout_newest_tail"], "what was dropped took space in the head")


class StopTests(SupervisorTestCase):
    """Nothing of a task survives, whatever it does."""

    # A tree of six that ignores SIGTERM: children, a double fork, a new session, a new process group.
    RUNAWAYS = """
        def settle():
            os.write(1, b"%d\\n" % os.getpid())
            while True: time.sleep(1000)
        if os.fork() == 0: settle()
        if os.fork() == 0:
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0: settle()
                settle()
            os._exit(0)
        if os.fork() == 0:
            os.setpgid(0, 0)
            if os.fork() == 0: settle()
            settle()
    """

    def test_a_stop_lets_the_task_end_by_itself(self):
        process = self.start("sh", "-c", "trap 'echo asked; exit 9' TERM; echo ready; while :; do sleep 0.05; done")
        self.wait_for_output(b"ready")
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["stop_requested"], record["killed"]), (9, True, False))
        self.assertEqual(self.output(), b"ready\nasked\n")

    def test_an_interrupt_is_a_stop_too(self):
        process = self.start("sleep", "1000")
        self.task()
        process.send_signal(signal.SIGINT)
        record = self.record(process)
        self.assertEqual((record["signal"], record["stop_requested"]), (signal.SIGTERM, True))

    def test_each_process_is_asked_once(self):
        end = self.scratch / f"end-{self.marker}"
        process = self.start_python("""
            import os, signal, sys, time
            signal.signal(signal.SIGTERM, lambda *_: os.write(1, b"asked\\n"))
            # Many: two signals that come to a process at once are one.
            for _ in range(5): os.fork()
            os.write(1, b"ready\\n")
            while not os.path.exists(sys.argv[1]): time.sleep(0.01)
            try:
                while True: os.wait()
            except ChildProcessError: pass
        """, end, options=["--grace-ms", 600000])
        self.wait_for_lines(32)
        process.terminate()
        self.wait_for_lines(64)  # read by the supervisor when it has asked as often as it does
        end.touch()
        self.record(process)
        self.assertEqual(self.output().count(b"asked\n"), 32)

    def test_a_stop_reaches_every_descendant(self):
        program = self.RUNAWAYS.replace("os.write(1, b", "signal.signal(signal.SIGTERM, signal.SIG_DFL); os.write(1, b")
        process = self.start_stubborn(program + "\n        settle()\n", options=["--grace-ms", 10000])
        self.wait_for_lines(6)
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["killed"], record["signal"]), (False, signal.SIGTERM))

    def test_nothing_survives_that_ignores_the_stop(self):
        process = self.start_stubborn(self.RUNAWAYS + "\n        settle()\n", options=["--grace-ms", 200])
        self.wait_for_lines(6)
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["signal"], record["killed"]), (signal.SIGKILL, True))
        self.assertGreaterEqual(record["ended_at"] - record["started_at"], 200)

    def test_nothing_survives_the_normal_end_of_the_main_process(self):
        process = self.start_stubborn(self.RUNAWAYS + """
            while open(sys.argv[1]).read().count(chr(10)) < 5: time.sleep(0.01)
            sys.exit(4)
        """.replace("\n    ", "\n"), self.directory / "stdout", options=["--grace-ms", 100])
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["orphans"], record["killed"]), (4, 5, True))
        self.assertFalse(record["stop_requested"])

    def test_a_willing_orphan_is_not_killed(self):
        record = self.run_shell("setsid sleep 1000 & sleep 0.05; exit 0")
        self.assertEqual((record["exit_code"], record["orphans"], record["killed"]), (0, 1, False))

    def test_a_stopped_task_gets_the_stop_request(self):
        process = self.start("sh", "-c", "trap 'exit 8' TERM; echo ready; while :; do sleep 0.05; done")
        self.wait_for_output(b"ready")
        pid = self.task()["task_pid"]
        os.kill(pid, signal.SIGSTOP)
        eventually(lambda: stat_fields(pid)[3] == "T", "the task to be stopped")
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["killed"]), (8, False))

    def test_a_second_stop_request_takes_nothing_from_the_grace(self):
        process = self.start("sh", "-c", "trap 'echo asked; sleep 0.3; echo bye; exit 8' TERM; echo ready; "
                             "while :; do sleep 0.05; done", options=["--grace-ms", 600000])
        self.wait_for_output(b"ready")
        process.terminate()
        self.wait_for_output(b"asked")
        for _ in range(3):
            process.terminate()
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["killed"]), (8, False))
        self.assertEqual(self.output(), b"ready\nasked\nbye\n")

    def test_a_stop_reaches_children_of_threads_of_a_task_that_waits_for_them(self):
        process = self.start_stubborn("""
            import subprocess, threading
            def work():
                subprocess.run([sys.executable, "-c", "import signal, time; "
                    "signal.signal(signal.SIGTERM, signal.SIG_DFL); print('x', flush=True); time.sleep(1000)"])
            threads = [threading.Thread(target=work) for _ in range(3)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            sys.exit(3)
        """)
        self.wait_for_lines(3)
        process.terminate()
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["killed"], record["orphans"]), (3, False, 0))

    # Forks anew whenever a child dies, in every process; at most 1200 forks in all, so that a failing test ends.
    BOMB = """
        import mmap
        forks = mmap.mmap(-1, 8)
        def count():
            number = int.from_bytes(forks[:], "little") + 1
            forks[:] = number.to_bytes(8, "little")
            return number
        children = 0
        while True:
            if children < 4 and count() < 1200:
                if os.fork() == 0: children = 0
                else: children += 1
            elif children > 0:
                os.wait()
                children -= 1
            else: time.sleep(1000)
    """

    def test_a_fork_bomb_is_ended_while_it_grows(self):
        process = self.start_stubborn(self.BOMB, options=["--grace-ms", 50])
        eventually(lambda: len(carriers_of(self.marker)) > 100, "a bomb of 100 processes")
        process.terminate()
        record = self.record(process)
        self.assertTrue(record["killed"])

    def test_a_process_that_runs_from_pid_to_pid_is_caught(self):
        process = self.start_stubborn("""
            os.write(1, b"running\\n")
            for _ in range(40000):
                if os.fork() != 0: os._exit(0)
            os.write(1, b"not caught\\n")
        """, options=["--grace-ms", 100])
        self.wait_for_output(b"running")
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["killed"]), (0, True))
        self.assertEqual(self.output(), b"running\n")

    def test_the_task_dies_with_its_supervisor(self):
        process = self.start_stubborn("os.write(1, b'ready\\n')\nwhile True: time.sleep(1000)")
        self.wait_for_output(b"ready")
        process.kill()
        process.wait()
        eventually(lambda: carriers_of(self.marker) == [], "the death of the task")
        self.assertFalse((self.directory / "exit").exists())

    def test_signals_to_the_supervisor_that_mean_nothing_do_nothing(self):
        space = self.make_gate()
        process = self.start("sh", "-c", "echo ready; read line < gate; exit 2", options=["--cwd", space])
        self.wait_for_output(b"ready")
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGQUIT, signal.SIGALRM, signal.SIGPIPE):
            process.send_signal(number)
        self.let_through(space)
        record = self.record(process)
        self.assertEqual((record["exit_code"], record["stop_requested"]), (2, False))

    def test_orphans_leave_no_zombies(self):
        process = self.start("sh", "-c", "for i in 1 2 3 4 5; do (true &) ; done; echo ready; exec sleep 1000")
        self.wait_for_output(b"ready")
        pid = self.task()["task_pid"]
        children = f"/proc/{process.pid}/task/{process.pid}/children"
        eventually(lambda: read_or_none(children).split() == [str(pid).encode()], "all orphans to be reaped")
        process.terminate()
        self.record(process)


class FollowingTests(SupervisorTestCase):
    """--end-after: what serves a task ends some time after it."""

    def make_directory(self):
        return pathlib.Path(tempfile.mkdtemp(dir=self.scratch))

    def start_server(self, task, delay=20):
        directory = self.make_directory()
        process = self.start(
            "sleep", "1000", directory=directory, options=["--end-after", task, "--end-after-ms", delay]
        )
        return process, directory

    def assert_stopped(self, server):
        process, directory = server
        self.wait(process)
        record = json.loads((directory / "exit").read_bytes())
        self.assertEqual((record["stop_requested"], record["signal"]), (True, signal.SIGTERM))

    def assert_still_there(self, *servers):
        """They have looked by now: one that was started later, and has seen the end of its task, has ended."""
        ended = self.make_directory()
        self.wait(self.start("true", directory=ended))
        self.assert_stopped(self.start_server(ended))
        for process, _ in servers:
            self.assertIsNone(process.poll())

    def test_it_is_stopped_when_the_task_has_ended_for_so_long(self):
        task, gate = self.make_directory(), self.make_gate()
        process = self.start("sh", "-c", "read line < gate", directory=task, options=["--cwd", gate])
        server, patient = self.start_server(task), self.start_server(task, delay=3_600_000)
        self.assert_still_there(server, patient)
        self.let_through(gate)
        self.wait(process)
        self.assert_stopped(server)
        self.assert_still_there(patient)
        patient[0].terminate()
        self.assert_stopped(patient)

    def test_it_waits_for_a_task_that_has_not_been_started(self):
        task = self.make_directory()
        server = self.start_server(task)
        self.assert_still_there(server)
        self.wait(self.start("true", directory=task))
        self.assert_stopped(server)

    def test_it_is_stopped_when_the_supervisor_of_the_task_was_killed_or_is_of_another_boot_or_given_up(self):
        task = self.make_directory()
        process = self.start("sleep", "1000", directory=task)
        eventually((task / "claim").exists, "the claim")
        server = self.start_server(task)
        self.assert_still_there(server)
        process.kill()
        self.assert_stopped(server)
        own = " ".join([str(os.getpid()), stat_fields(os.getpid())[22]])
        for claim in (f"{own} {uuid.uuid4()}\n", f"{os.getpid()} 1 {uuid.uuid4()}\n", "0 0 -\n"):
            task = self.make_directory()
            (task / "claim").write_text(claim)
            self.assert_stopped(self.start_server(task))

    def test_it_is_stopped_when_the_task_was_removed(self):
        task = self.make_directory()
        server = self.start_server(task)
        self.assert_still_there(server)
        task.rmdir()
        self.assert_stopped(server)

    def test_a_task_whose_directory_never_was_there_is_not_followed(self):
        server = self.start_server(self.scratch / "nowhere")
        self.assert_still_there(server)


class SearchedTreeTests(StopTests):
    """The same on a kernel that does not list a process's children."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if shutil.which("cc") is None:
            raise unittest.SkipTest("needs a compiler")
        cls.supervisor = compile_supervisor(cls.scratch / "searching", "-DSUPERVISOR_WITHOUT_PROC_CHILDREN")


if __name__ == "__main__":
    unittest.main()
