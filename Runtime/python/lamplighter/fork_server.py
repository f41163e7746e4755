# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""The fork_server: a process that has imported what notebooks need, and becomes a kernel by forking, in milliseconds.

    fork_server.py SOCKET < PIPE

It listens on the Unix socket SOCKET (of this user alone) and ends when its standard input does, that is with the server
that holds the other end. Kernels go on. A caller sends one line of JSON and shuts down its side:

    {"supervisor": "/path/of/task-supervisor", "directory": the task directory, "working_directory": "/abs",
     "grace_ms": 10000, "output_cap": 33554432, "environment": {...}, "dbfs": "/abs", "databricks": "/abs"}

and gets {"started": true} once a supervisor holds the claim of the directory and the kernel runs under it; or
{"started": false, "error": "why"}, or nothing: then `claim` in the directory tells whether something was started.

The process that attends to the caller forks the kernel and then executes the supervisor. So the supervisor is the
kernel's parent, exactly as if it had started it: it waits for it, counts its CPU time and ends its tree.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import warnings

if __name__ == "__main__":
    sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))

from lamplighter import kernel, post_fork
from lamplighter.shell import make_shell

# What a start would otherwise wait for, the dearest in seconds: matplotlib, pandas, pyspark, numpy.
PRELOADED = (
    "numpy", "pandas", "pyarrow", "pyspark.sql", "pyspark.sql.functions", "pyspark.sql.pandas.types", "pyspark.errors",
    "matplotlib.pyplot", "matplotlib.backends.backend_agg", "matplotlib_inline.backend_inline",
    "IPython.core.magics", "IPython.core.completer", "IPython.display", "concurrent.futures.thread", "subprocess",
    "lamplighter.cells.languages", "lamplighter.cells.python", "lamplighter.cells.sql", "lamplighter.cells.markdown",
    "lamplighter.cells.program", "lamplighter.cells.files", "lamplighter.cells.include",
)  # fmt: skip
MAX_REQUEST = 4 << 20
SECONDS_FOR_A_REQUEST = 10


def preload():
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    shell = make_shell()
    for name in PRELOADED:
        try:
            importlib.import_module(name)
        except ImportError as error:
            print(f"fork_server: {name} is not preloaded: {error}", file=sys.stderr)
    # The first cells of a process, and the first that fails, cost IPython imports and caches of its own.
    for source in ("None", "1", "1 / 0"):
        shell.run_cell(source, store_history=False)
    for name in ("last_type", "last_value", "last_traceback", "last_exc"):
        sys.__dict__.pop(name, None)
    gc.collect()
    gc.freeze()
    return shell


def listen(path):
    """A socket at a path that may be longer than an address can be."""
    folder, name = os.path.split(os.path.abspath(path))
    os.chdir(folder)
    listener = socket.socket(socket.AF_UNIX)
    old = os.umask(0o177)
    try:
        if os.path.exists(name):
            os.unlink(name)
        listener.bind(name)
    finally:
        os.umask(old)
    os.chdir("/")
    listener.listen(128)
    return listener


def serve(listener, shell):
    # The threads that libraries keep for computing know about forks, which Python's warning does not.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    signal.signal(signal.SIGCHLD, reap)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wakeful = select.poll()
    wakeful.register(listener, select.POLLIN)
    wakeful.register(sys.stdin, select.POLLIN | select.POLLHUP)
    while True:
        ready = {descriptor for descriptor, _ in wakeful.poll()}
        if sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 4096):
            return
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            if os.fork() == 0:
                attend(connection, listener, shell)
            connection.close()


def reap(*_):
    """Supervisors that have ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


# --- in the process that attends to one caller ------------------------------------------------------------------------


def attend(connection, listener, shell):
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        listener.close()
        request = read_request(connection)
        supervisor = command_of(request)
        go, output, error = os.pipe(), os.pipe(), os.pipe()
        parent = os.getpid()
        kernel_pid = os.fork()
    except BaseException as problem:
        answer(connection, started=False, error=f"{type(problem).__name__}: {problem}")
        os._exit(1)
    try:
        if kernel_pid == 0:
            for descriptor in (go[1], output[0], error[0]):
                os.close(descriptor)
            post_fork.become_task(output[1], error[1])
            begin_when_told(connection, go[0], parent, request, shell)
        become_supervisor(supervisor, kernel_pid, (go[1], output[0], error[0]), secrets_of(request))
    except BaseException as problem:
        # The kernel tells the caller: it learns of it by the end of the pipe that it waits on.
        print(f"fork_server: {type(problem).__name__}: {problem}", file=sys.stderr, flush=True)
    finally:
        os._exit(1)


def read_request(connection):
    connection.settimeout(SECONDS_FOR_A_REQUEST)
    data = b""
    while not data.endswith(b"\n"):
        chunk = connection.recv(1 << 16)
        if not chunk or len(data) > MAX_REQUEST:
            break
        data += chunk
    return json.loads(data)


def answer(connection, **fields):
    try:
        connection.sendall(json.dumps(fields).encode() + b"\n")
    except OSError:
        pass  # the caller is gone; it finds the claim
    connection.close()


def command_of(request):
    return [request["supervisor"], "--dir", request["directory"], "--grace-ms", str(request["grace_ms"]),
            "--output-cap", str(request["output_cap"])]  # fmt: skip


def secrets_of(request):
    """What the supervisor must not show."""
    variables = request["environment"].items()
    return {name: value for name, value in variables if name.startswith("LAMPLIGHTER_REDACT_")}


def become_supervisor(command, kernel_pid, descriptors, environment):
    """The supervisor finds the descriptors at 3, 4 and 5; earlier ones with these numbers are closed."""
    for wanted, descriptor in enumerate(post_fork.above(descriptors, 16), start=3):
        os.dup2(descriptor, wanted)
    os.execve(command[0], [*command, "--adopt", str(kernel_pid)], environment)


# --- in the kernel ----------------------------------------------------------------------------------------------------


def begin_when_told(connection, go, parent, request, shell):
    if not os.read(go, 1):
        reason = "the directory is claimed by another supervisor, cannot be claimed, or there is no supervisor"
        answer(connection, started=False, error=reason)
        os._exit(0)
    os.close(go)
    post_fork.die_with(parent)
    answer(connection, started=True)
    try:
        post_fork.take_environment(request)
    except OSError as problem:
        print(f"fork_server: {problem}", file=sys.stderr, flush=True)
        os._exit(127)
    reason = post_fork.reason_for_a_cold_start(request["environment"])
    if reason:
        script = os.path.abspath(kernel.__file__)
        os.execve(sys.executable, [sys.executable, script], os.environ)
    post_fork.forget_the_fork_server()
    kernel.begin(shell, is_warm=True)


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: fork_server.py SOCKET")
    shell = preload()
    serve(listen(sys.argv[1]), shell)


if __name__ == "__main__":
    main()
