# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""dbfs-exec: a command that finds DBFS at /dbfs. It is compiled here, so that the source beside this is what is tested.

As root, everything is tested as root and as an ordinary user.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from test_supervisor import compile_c, compile_supervisor, eventually, read_or_none

SOURCE = Path(__file__).resolve().parents[1] / "native" / "dbfs-exec.c"
NOBODY = 65534
PATIENCE = 30


def setUpModule():
    """A runtime of two directories: RUNTIME/bin/dbfs-exec and RUNTIME/venv."""
    global RUNTIME, PROGRAM, SUPERVISOR
    RUNTIME = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
    unittest.addModuleCleanup(shutil.rmtree, RUNTIME, ignore_errors=True)
    (RUNTIME / "bin").mkdir()
    (RUNTIME / "venv" / "bin").mkdir(parents=True)
    # A shell will do: an ordinary user may not be allowed to the Python that runs this.
    os.symlink("/bin/sh", RUNTIME / "venv" / "bin" / "python")
    PROGRAM = compile_c(RUNTIME / "bin" / "dbfs-exec", "-static", SOURCE)
    SUPERVISOR = os.environ.get("LAMPLIGHTER_SUPERVISOR") or compile_supervisor(RUNTIME / "supervisor")
    RUNTIME.chmod(0o755)


def namespaces_are_allowed(*prefix):
    return subprocess.run([*prefix, "unshare", "--user", "--mount", "true"], capture_output=True).returncode == 0


class WithDBFS(unittest.TestCase):
    """As whoever runs the tests."""

    prefix = ()

    def setUp(self):
        if os.geteuid() != 0 and not namespaces_are_allowed(*self.prefix):
            self.skipTest("this system allows its users no namespaces")
        self.folder = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.dbfs = self.folder / "dbfs"
        self.databricks = self.folder / "databricks"
        self.work = self.folder / "a working directory"
        for folder in (self.dbfs, self.work):
            folder.mkdir()
        for folder in (self.folder, self.dbfs, self.work):
            folder.chmod(0o777)

    def command(self, *command):
        return [*self.prefix, PROGRAM, str(self.dbfs), str(self.databricks), *map(str, command)]

    def call(self, *command, **options):
        options.setdefault("cwd", self.work)
        return subprocess.run(self.command(*command), capture_output=True, text=True, timeout=PATIENCE, **options)

    def output(self, *command, **options):
        done = self.call(*command, **options)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def shell(self, script, **options):
        return self.output("sh", "-ec", script, **options)

    # --- the two paths ------------------------------------------------------------------------------------------------

    def test_what_is_in_the_directory_is_at_dbfs(self):
        (self.dbfs / "in").mkdir()
        (self.dbfs / "in" / "a.txt").write_text("contents")
        self.assertEqual(self.shell("cat /dbfs/in/a.txt; ls /dbfs"), "contentsin\n")

    def test_what_is_written_at_dbfs_is_in_the_directory(self):
        self.shell("mkdir /dbfs/out; printf new > /dbfs/out/part; mv /dbfs/out/part /dbfs/out/b.txt")
        self.assertEqual((self.dbfs / "out" / "b.txt").read_text(), "new")
        self.assertEqual(os.listdir(self.dbfs / "out"), ["b.txt"])

    def test_databricks_is_a_directory_of_the_commands_own(self):
        self.shell("mkdir -p /databricks/mlflow/projects; printf x > /databricks/mlflow/projects/y")
        self.assertEqual((self.databricks / "mlflow/projects/y").read_text(), "x")

    def test_the_runtimes_python_is_where_scripts_look_for_it(self):
        out = self.shell('"$DB_HOME/python/bin/python" -c "echo runs"; echo $DB_HOME')
        self.assertEqual(out, "runs\n/databricks\n")

    def test_a_second_command_with_the_same_directories_is_no_error(self):
        for _ in range(2):
            self.shell("touch /databricks/$$")
        self.assertEqual(len(os.listdir(self.databricks)), 3)

    def test_the_callers_db_home_stays(self):
        self.assertEqual(self.shell("echo $DB_HOME", env={**os.environ, "DB_HOME": "/mine"}), "/mine\n")

    def test_nobody_else_sees_the_paths(self):
        before = sorted(os.listdir("/"))
        running = subprocess.Popen(
            self.command("sh", "-c", "touch /dbfs/started; exec sleep 60"), cwd=self.work, stderr=subprocess.DEVNULL)
        self.addCleanup(running.wait)
        self.addCleanup(running.kill)
        eventually((self.dbfs / "started").exists, "the command runs")
        self.assertEqual(sorted(os.listdir("/")), before)
        self.assertNotIn(str(self.folder), Path("/proc/self/mountinfo").read_text())

    def test_it_works_inside_itself(self):
        (self.dbfs / "a").write_text("contents")
        self.assertEqual(self.output(PROGRAM, self.dbfs, self.databricks, "cat", "/dbfs/a"), "contents")
        self.assertEqual(self.output(PROGRAM, "/dbfs", "/databricks", "cat", "/dbfs/a"), "contents")

    def test_another_dbfs_may_be_seen_inside(self):
        other = self.folder / "other"
        other.mkdir(mode=0o777)
        (other / "b").write_text("other's")
        self.assertEqual(self.output(PROGRAM, other, self.databricks, "cat", "/dbfs/b"), "other's")

    def test_directories_may_be_given_by_relative_paths_and_links(self):
        (self.dbfs / "a").write_text("contents")
        (self.work / "link").symlink_to(self.dbfs)
        done = subprocess.run(
            [*self.prefix, PROGRAM, "link", "../databricks", "cat", "/dbfs/a"], cwd=self.work, capture_output=True)
        self.assertEqual((done.stdout, done.stderr), (b"contents", b""))

    # --- everything else is as it was ---------------------------------------------------------------------------------

    def test_all_other_files_are_there(self):
        names = set(os.listdir("/")) | {"dbfs", "databricks"}
        self.assertEqual(set(self.shell("ls -A /").split("\n")[:-1]), names)
        out = self.shell("readlink -f /bin/sh; ls /dev/null /proc/self/status; stat -c %a /tmp; cat /etc/hostname")
        expected = subprocess.run(
            ["sh", "-c", "readlink -f /bin/sh; ls /dev/null /proc/self/status; stat -c %a /tmp; cat /etc/hostname"],
            capture_output=True, text=True).stdout
        self.assertEqual(out, expected)

    def test_files_elsewhere_are_the_systems_own(self):
        self.shell(f"printf x > '{self.work}/written'; printf x > /dev/null")
        self.assertEqual((self.work / "written").read_text(), "x")

    def test_the_root_directory_takes_no_files_that_would_be_lost(self):
        done = self.call("sh", "-c", "echo x > /file")
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(os.path.exists("/file"))

    def test_user_and_groups_stay(self):
        self.assertEqual(
            self.shell("id -u; id -g"),
            subprocess.run([*self.prefix, "sh", "-c", "id -u; id -g"], capture_output=True, text=True).stdout)

    def test_working_directory_arguments_and_environment_stay(self):
        arguments = ["", "two words", "*", "$HOME", "\u00fc", "--"]
        script = 'printf "%s|" "$PWD" "$MINE" "$@"'
        out = self.output("sh", "-c", script, "sh", *arguments, env={**os.environ, "MINE": "a b"})
        self.assertEqual(out, "|".join([str(self.work), "a b", *arguments, ""]))

    def test_standard_input_stays(self):
        self.assertEqual(self.output("cat", input="given"), "given")

    def test_processes_of_others_are_seen(self):
        """A process namespace would keep the supervisor from finding them."""
        self.assertEqual(self.shell(f"cat /proc/{os.getpid()}/comm"), Path("/proc/self/comm").read_text())

    def test_it_leaves_no_process_of_its_own(self):
        running = subprocess.Popen(self.command("sh", "-c", "echo $$; read _"), cwd=self.work,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        pid = int(running.stdout.readline())
        if not self.prefix:
            self.assertEqual(pid, running.pid)
        running.communicate("\n", timeout=PATIENCE)

    # --- the end ------------------------------------------------------------------------------------------------------

    def test_the_exit_status_is_the_commands(self):
        self.assertEqual(self.call("sh", "-c", "exit 7").returncode, 7)
        self.assertEqual(self.call("sh", "-c", "kill -9 $$").returncode, -signal.SIGKILL)

    def test_a_command_that_is_not_there(self):
        done = self.call("no-such-command", env={"PATH": "/usr/bin:/bin"})
        self.assertEqual((done.returncode, done.stderr),
                         (127, "dbfs-exec: no-such-command: No such file or directory\n"))
        (self.work / "plain").write_text("no program")
        done = self.call("./plain")
        self.assertEqual((done.returncode, done.stderr), (126, "dbfs-exec: ./plain: Permission denied\n"))

    def test_a_directory_that_is_not_there(self):
        self.dbfs.rmdir()
        done = self.call("true")
        self.assertEqual((done.returncode, done.stderr), (70, f"dbfs-exec: {self.dbfs}: No such file or directory\n"))

    def test_usage(self):
        done = subprocess.run([PROGRAM, self.dbfs, self.databricks], capture_output=True, text=True)
        self.assertEqual(done.returncode, 64)
        self.assertTrue(done.stderr.startswith("usage: dbfs-exec DBFS DATABRICKS COMMAND"), done.stderr)

    def test_the_supervisor_ends_the_whole_tree(self):
        task = self.folder / "task"
        task.mkdir()
        task.chmod(0o777)
        script = "trap '' TERM; (trap '' TERM; touch /dbfs/inner; sleep 600) & setsid sleep 601 & touch /dbfs/outer; wait"
        supervisor = subprocess.Popen([*self.prefix, SUPERVISOR, "--dir", task, "--cwd", self.work, "--grace-ms", "100",
                                       "--", PROGRAM, self.dbfs, self.databricks, "bash", "-c", script])
        self.addCleanup(supervisor.wait)
        self.addCleanup(supervisor.kill)
        eventually(lambda: (self.dbfs / "inner").exists() and (self.dbfs / "outer").exists(), "the tree stands")
        below = eventually(lambda: len(found := self.processes_in(self.dbfs)) >= 3 and found, "three processes")
        supervisor.terminate()
        supervisor.wait(timeout=PATIENCE)
        self.assertIn(b'"signal":9', read_or_none(task / "exit").replace(b" ", b""))
        self.assertEqual(below & self.processes_in(self.dbfs), set())

    @staticmethod
    def processes_in(folder):
        """Those that have the directory mounted."""
        found = set()
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if f"{folder} /dbfs " in Path(f"/proc/{pid}/mountinfo").read_text():
                    found.add(int(pid))
            except OSError:
                pass  # it has ended
        return found


@unittest.skipIf(os.geteuid() != 0, "only root can be somebody else")
class WithDBFSAsOrdinaryUser(WithDBFS):
    prefix = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")

    def setUp(self):
        if not namespaces_are_allowed(*self.prefix):
            self.skipTest("this system allows its users no namespaces")
        super().setUp()


class WithoutNamespaces(unittest.TestCase):
    """In a user namespace that may have no further ones, by a process that may mount nothing."""

    forbidding = ("unshare", "--user", "--map-root-user", "sh", "-c",
                  'echo 0 > /proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-sys_admin '
                  '--inh-caps=-sys_admin "$@"', "sh")

    def setUp(self):
        if subprocess.run([*self.forbidding, "true"], capture_output=True).returncode != 0:
            self.skipTest("this system allows no namespaces, so none can be forbidden")
        self.folder = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        (self.folder / "dbfs").mkdir()

    def call(self, *command, **environment):
        return subprocess.run([*self.forbidding, PROGRAM, self.folder / "dbfs", self.folder / "databricks", *command],
                              cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE,
                              env={**os.environ, **environment})

    def test_the_command_runs_and_the_message_says_what_is_missing(self):
        done = self.call("sh", "-c", 'pwd; test -e /dbfs || echo none; ls "$DB_HOME"; exit 3')
        self.assertEqual(done.returncode, 3)
        self.assertEqual(done.stdout, f"{self.folder}\nnone\npython\n")
        self.assertIn("this task has no /dbfs and no /databricks", done.stderr)
        self.assertIn(f"The files of DBFS are in {self.folder}/dbfs", done.stderr)
        self.assertRegex(done.stderr, r"\(unshare: .+\)")
        self.assertEqual(done.stderr.count("\n"), 1)

    def test_a_command_that_may_do_without_is_not_told(self):
        done = self.call("sh", "-c", 'echo "$DB_HOME ${LAMPLIGHTER_DBFS-unset}"', LAMPLIGHTER_DBFS="if-possible")
        self.assertEqual((done.stdout, done.stderr), (f"{self.folder}/databricks unset\n", ""))

    def test_the_links_of_an_administrator_are_enough(self):
        """Seen in a dbfs-exec that is allowed, where both paths lead to the directories."""
        inner = [*self.forbidding, PROGRAM, "/dbfs", "/databricks", "sh", "-c", "echo $DB_HOME"]
        done = subprocess.run([PROGRAM, self.folder / "dbfs", self.folder / "databricks", *inner],
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual((done.stdout, done.stderr), ("/databricks\n", ""))


@unittest.skipIf(os.geteuid() != 0, "only root can be somebody else, and make a /proc that cannot be written to")
class WithNamespacesThatAreOfNoUse(WithoutNamespaces):
    """A user namespace may be made, and then its user may not be mapped: so does Ubuntu's AppArmor for most programs."""

    forbidding = ("unshare", "--mount", "sh", "-c", "mount -o remount,bind,ro /proc && exec setpriv "
                  f'--reuid={NOBODY} --regid={NOBODY} --clear-groups "$@"', "sh")

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o777)

    test_the_links_of_an_administrator_are_enough = None  # needs no namespace, whatever may become of one


if __name__ == "__main__":
    unittest.main()
