# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Runs a Python task: `python driver.py MAIN_FILE [ARGS...]` does what `python MAIN_FILE [ARGS...]` does, and more:

- `spark`, `sc` and `sqlContext` are there without an import. Spark starts when one of them is first used.
- An uncaught exception is also left in $LAMPLIGHTER_TASK_DIR/error.json, for the run's page and the API.
- A Spark session that is still alive at the very end is stopped, and no Connect session can keep the process alive.

Most small tasks never touch Spark, so nothing is imported here that plain Python has not loaded already; what is
needed only after a failure or for Spark is imported there.
"""

import atexit
import os
import sys

OWN_FILE = __file__
PROCESS = os.getpid()

# How long the end of a task may take after its own code, threads and exit handlers are done.
SECONDS_TO_STOP_SPARK = 60
SECONDS_TO_STOP_CONNECT = 10
SECONDS_TO_DELETE_FILES = 0.05

exit_code = 0
secrets = []


def main():
    if len(sys.argv) < 2:
        sys.exit("usage: driver.py MAIN_FILE [ARGS...]")
    del sys.argv[0]
    path = sys.argv[0]
    if not getattr(sys.flags, "safe_path", sys.flags.isolated):
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    take_secrets()
    runtime = os.path.dirname(os.path.dirname(os.path.abspath(OWN_FILE)))
    if os.path.isdir(runtime + "/spark/jars"):
        os.environ.setdefault("SPARK_HOME", runtime + "/spark")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

    # Registered before any code of the user: it runs after all exit handlers of theirs, which may still use Spark.
    atexit.register(stop_spark)
    try:
        run(path)
    except CannotOpen:
        raise
    except SystemExit as end:
        note_exit(end)
        leave_to_python()
        raise
    except BaseException as error:
        report(error)
        leave_to_python()
        # Python ends the process as after any uncaught exception (for KeyboardInterrupt that is by the signal); the
        # traceback has been printed, without the frames of this file.
        sys.excepthook = lambda *_: None
        raise
    leave_to_python()


def take_secrets():
    """Values of secrets in the settings of the run's cluster, which no report may show; the supervisor sees to output."""
    for name in [name for name in os.environ if name.startswith("LAMPLIGHTER_REDACT_")]:
        secrets.append(os.environ.pop(name))
    secrets.sort(key=len, reverse=True)


class CannotOpen(SystemExit):
    """Nothing was run. The exit code is Python's own for this."""


def run(path):
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError as error:
        message = f"can't open file {os.path.abspath(path)!r}: [Errno {error.errno}] {error.strerror}"
        print(f"{sys.executable}: {message}", file=sys.stderr)
        write_error(message, message)
        raise CannotOpen(2) from None

    own = sys.modules["__main__"]
    module = type(own)("__main__")
    names = module.__dict__
    names["__annotations__"] = {}
    names["__builtins__"] = sys.modules["builtins"]
    names["__cached__"] = None
    names["__file__"] = os.path.join(os.getcwd(), path)
    names["__loader__"] = type(own.__loader__)("__main__", path)
    names["spark"], names["sc"], names["sqlContext"] = lazies = LazySession(), LazyContext(), LazySQLContext()
    Lazy.main_names = dict(zip(("spark", "sc", "sqlContext"), lazies)), names
    # Classes and functions of the file are pickled by their name in __main__, so the file has to BE __main__.
    sys.modules["__main__"] = module
    exec(compile(source, path, "exec", dont_inherit=True), names)


class Lazy:
    """Stands for an object of Spark until its first use; then it becomes that object, type and state.

    Looking at it is not using it: isinstance, hash, == and what inspects a module's names start nothing.
    """

    main_names = {}, {}
    lock = None
    class_name = "", ""

    def make(self):
        raise NotImplementedError

    def __getattribute__(self, name):
        if name[:2] == "__" and name[-2:] == "__":
            if name == "__class__":
                # Whoever compares with the class has imported it.
                module, cls = type(self).class_name
                return getattr(sys.modules.get(module), cls, type(self))
            return object.__getattribute__(self, name)
        become_real(self)
        return getattr(self, name)

    def __setattr__(self, name, value):
        become_real(self)
        setattr(self, name, value)

    def __delattr__(self, name):
        become_real(self)
        delattr(self, name)

    def __dir__(self):
        become_real(self)
        return dir(self)

    def __repr__(self):
        become_real(self)
        return repr(self)

    def __enter__(self):
        become_real(self)
        return self.__enter__()

    def __exit__(self, *args):
        return type(self).__exit__(self, *args)

    def __reduce_ex__(self, protocol):
        become_real(self)
        return self.__reduce_ex__(protocol)


class LazySession(Lazy):
    class_name = "pyspark.sql.session", "SparkSession"

    @staticmethod
    def make():
        from pyspark.sql import SparkSession

        return SparkSession.builder.getOrCreate()


class LazyContext(Lazy):
    class_name = "pyspark.core.context", "SparkContext"

    @staticmethod
    def make():
        return LazySession.make().sparkContext


class LazySQLContext(Lazy):
    class_name = "pyspark.sql.context", "SQLContext"

    @staticmethod
    def make():
        import warnings

        from pyspark.sql import SQLContext

        session = LazySession.make()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # the user did not choose this old class
            return SQLContext(session.sparkContext, session)


def become_real(lazy):
    import threading

    Lazy.lock = Lazy.lock or threading.RLock()
    with Lazy.lock:
        kind = type(lazy)
        if not issubclass(kind, Lazy):
            return  # another thread was faster
        real = kind.make()
        object.__setattr__(lazy, "__dict__", real.__dict__)
        object.__setattr__(lazy, "__class__", type(real))
        # The file's own name gets the very object, so that `is` holds too, unless the file gave it another meaning.
        lazies, names = Lazy.main_names
        for name, value in lazies.items():
            if value is lazy and names.get(name) is lazy:
                names[name] = real


# --- failures ---------------------------------------------------------------------------------------------------------


def note_exit(end):
    """SystemExit as Python understands it: None and 0 are success, a text is printed and means 1."""
    global exit_code
    code = end.code
    exit_code = 0 if code is None else code & 0xFF if isinstance(code, int) else 1
    if exit_code and os.getpid() == PROCESS:
        remove_own_frames(end)
        write_error(f"SystemExit: {code}", trace_of(end))


def report(error):
    global exit_code
    exit_code = 1
    remove_own_frames(error)
    # sys.excepthook may be the user's own.
    sys.excepthook(type(error), error, error.__traceback__)
    if os.getpid() != PROCESS:
        return
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
    except Exception:
        text = "<exception str() failed>"
    write_error(f"{name}: {text}" if text else name, trace_of(error))


def trace_of(error):
    import traceback

    return "".join(traceback.format_exception(type(error), error, error.__traceback__))


def remove_own_frames(error):
    keep_frames(error, lambda entries: [e for e in entries if e.tb_frame.f_code.co_filename != OWN_FILE])


def keep_frames(error, choose, seen=None):
    """Leaves in the traceback of an exception, and of those it follows from, the entries that `choose` returns."""
    seen = set() if seen is None else seen
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    entries, entry = [], error.__traceback__
    while entry is not None:
        entries.append(entry)
        entry = entry.tb_next
    result = None
    for entry in reversed(choose(entries)):
        result = type(entry)(result, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    error.__traceback__ = result
    keep_frames(error.__cause__, choose, seen)
    keep_frames(error.__context__, choose, seen)


def error_file():
    directory = os.environ.get("LAMPLIGHTER_TASK_DIR")
    return os.path.join(directory, "error.json") if directory else None


def write_error(error, trace):
    path = error_file()
    if path is None:
        return
    import json

    longest = 1 << 20
    for secret in secrets:
        error, trace = error.replace(secret, "[REDACTED]"), trace.replace(secret, "[REDACTED]")
    draft = f"{path}.{PROCESS}.tmp"
    try:
        with open(draft, "w", encoding="ascii") as file:
            json.dump({"error": error[:longest], "error_trace": trace[-longest:]}, file)
        os.replace(draft, path)
    except OSError as problem:
        print(f"lamplighter: cannot write {path}: {problem}", file=sys.stderr)


# --- the end ----------------------------------------------------------------------------------------------------------


def leave_to_python():
    """The file is done. Python now waits for threads and runs exit handlers; where Spark Connect was used, the former
    can take forever: its thread pool goes on asking a server that may be gone."""
    if os.getpid() != PROCESS or "pyspark.sql.connect.session" not in sys.modules:
        return
    import threading

    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon and "ThreadPoolExecutor" not in thread.name:
            thread.join()
    stop_connect()
    set_deadline(SECONDS_TO_STOP_CONNECT)
    atexit.register(set_deadline, 0)


def stop_connect():
    import threading

    cls = sys.modules["pyspark.sql.connect.session"].SparkSession
    sessions = {id(s): s for s in (cls._default_session, getattr(cls._active_session, "session", None)) if s}
    for session in sessions.values():
        stopper = threading.Thread(target=quietly, args=(session.stop,), daemon=True)
        stopper.start()
        stopper.join(SECONDS_TO_STOP_CONNECT)


def stop_spark():
    """The last of all exit handlers."""
    context = sys.modules.get("pyspark.core.context")
    if context is None or os.getpid() != PROCESS:
        return
    import time

    cls = context.SparkContext
    gateway = cls._gateway
    if gateway is None:
        return
    set_deadline(SECONDS_TO_STOP_SPARK)
    if cls._active_spark_context is not None:
        quietly(cls._active_spark_context.stop)
    jvm = getattr(gateway, "proc", None)
    if jvm is not None and jvm.stdin is not None:
        # The JVM ends when its standard input does. It deletes its temporary files at once, and then winds down for a
        # third of a second that nobody needs to wait for.
        quietly(jvm.stdin.close)
        end = time.monotonic() + SECONDS_TO_DELETE_FILES
        while jvm.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
    set_deadline(0)


def quietly(action):
    try:
        action()
    except Exception as error:
        # A JVM that is gone already (killed by the user's code, out of memory) is nothing to stop.
        if "Py4J" not in type(error).__name__ and not isinstance(error, OSError):
            print(f"lamplighter: at the end of the task: {type(error).__name__}: {error}", file=sys.stderr)


def set_deadline(seconds):
    """Ends the process after some seconds, with the exit code it would have had; 0 takes that back."""
    import signal

    def end_now(*_):
        print("lamplighter: Spark did not stop in time; the process ends without it", file=sys.stderr)
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                pass
        os._exit(exit_code)

    try:
        signal.signal(signal.SIGALRM, end_now if seconds else signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    except ValueError:
        pass  # not in the main thread: somebody runs us in a way of their own


if __name__ == "__main__":
    main()
