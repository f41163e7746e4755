# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""How a process that the fork_server has forked becomes the task of one run."""

import ctypes
import fcntl
import os
import resource
import signal
import sys
import time

PR_SET_PDEATHSIG = 1
OOM_SCORE_RAISE = 200
# The Python that runs this is that of the installed runtime.
RUNTIME = os.path.dirname(sys.prefix)

# Variables that take effect when Python, or a library that is loaded already, starts.
_READ_AT_START = ("PYTHON", "LD_", "OMP_", "OPENBLAS_", "MKL_", "NUMEXPR_", "ARROW_", "MALLOC_", "GLIBC_", "IPYTHONDIR")
_HARMLESS = {"PYTHONPATH": None, "PYTHONUNBUFFERED": None, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": None}


def above(descriptors, least):
    """Copies with numbers that are out of the way."""
    return [fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, least) for descriptor in descriptors]


def die_with(parent):
    """Killed with its parent (PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(127)


def become_task(output, error):
    """What the supervisor does to a task between fork and exec (task.c, become_task)."""
    os.setsid()
    null = os.open("/dev/null", os.O_RDONLY)
    for descriptor, wanted in ((null, 0), (output, 1), (error, 2)):
        os.dup2(descriptor, wanted)
    for descriptor in (null, output, error):
        os.close(descriptor)
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with open("/proc/self/oom_score_adj", "r+") as file:
            score = min(int(file.read()) + OOM_SCORE_RAISE, 1000)
            file.seek(0)
            file.write(str(score))
    except (OSError, ValueError):
        pass


def take_environment(request):
    """Environment, working directory and file systems of the run."""
    os.environ.clear()
    os.environ.update(request["environment"])
    # Executors hash by it; this process was started so.
    os.environ.setdefault("PYTHONHASHSEED", "0")
    os.chdir(request["working_directory"])
    if request.get("dbfs"):
        os.environ.setdefault("DB_HOME", provide_dbfs(request["dbfs"], request["databricks"]))
    time.tzset()


def provide_dbfs(dbfs, databricks):
    """/dbfs and /databricks, as dbfs-exec makes them for other tasks; returns where the latter is."""
    os.makedirs(databricks, mode=0o700, exist_ok=True)
    try:
        os.symlink(sys.prefix, os.path.join(databricks, "python"))
    except FileExistsError:
        pass
    library = ctypes.CDLL(os.path.join(RUNTIME, "lib", "dbfs-exec.so"))
    return "/databricks" if library.provide_dbfs(os.fsencode(dbfs), os.fsencode(databricks)) else databricks


def reason_for_a_cold_start(environment):
    """Why this process cannot be made what a new Python with that environment would be; None where it can."""
    for name, value in environment.items():
        if name.startswith(_READ_AT_START) and (name not in _HARMLESS or _HARMLESS[name] not in (None, value)):
            return f"{name} is set"
    loaded = {name.partition(".")[0] for name in sys.modules}
    for folder in environment.get("PYTHONPATH", "").split(":"):
        try:
            names = {name.partition(".")[0] for name in os.listdir(folder)} if folder else set()
        except OSError:
            continue
        # A library of the run that is loaded here in another version, or that is found before it.
        if names & loaded - {"bin", "__pycache__"}:
            return f"{folder} holds modules that are loaded already"
    return None


def forget_the_fork_server():
    """What a fork shares with the process it came from, and with all others that came from it, but a start does not."""
    random = sys.modules.get("numpy.random")
    if random is not None:
        random.seed()
    paths = [path for path in os.environ.get("PYTHONPATH", "").split(":") if path]
    sys.path[:1] = ["", *paths]
    sys.path_importer_cache.clear()
    os.environ["IPYTHONDIR"] = os.path.join(os.environ.get("TMPDIR") or os.getcwd(), ".ipython")
