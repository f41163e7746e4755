# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Builds the command line of a JVM of Spark and becomes it.

Spark's own scripts start a JVM (org.apache.spark.launcher.Main) to compute that command line, which costs a second of
every start. This file decides the same for the ordinary cases and asks Spark's launcher for all others (shells,
Connect, a command line that does not parse), so that a caller sees no difference but the time.

The class path always BEGINS with the same list of jars in the same order, because the class data archive is valid for
that list only; `jvm/classpath` and `jvm/options` were written by setup.sh. Where a setting has to stand in front of it
(spark.driver.extraClassPath) the JVM ignores the archive and starts slowly, but correctly.

Runs under `python -I -S`: a few milliseconds matter here, so imports are few.
"""

import os
import sys

HOME = os.environ["SPARK_HOME"]
ARCHIVE = HOME + "/jvm/classes.jsa"
CLASS_PATH = HOME + "/jvm/classpath"
OPTIONS = HOME + "/jvm/options"
LOGGING = HOME + "/log4j2.properties"

# If the archive is unusable, the JVM starts without it, and prints nothing into the output of the user's program.
WITH_ARCHIVE = ["-Xshare:auto", "-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"]

SPARK_SUBMIT = "org.apache.spark.deploy.SparkSubmit"
DEFAULT_MEMORY = "1g"

# What the JVM gets by LAMPLIGHTER_JVM_PROFILE. `start` gives up peak speed for the earliest first result; `balanced`
# compiles fully but keeps the cheap collector; `throughput` is the JVM's own choice for this machine.
PROFILES = {
    "start": ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
    "balanced": ["-XX:+UseSerialGC"],
    "throughput": [],
}
DEFAULT_PROFILE = "balanced"

# Options of spark-submit that take a value, and those that do not.
WITH_VALUE = {
    "--archives", "--class", "--conf", "-c", "--deploy-mode", "--driver-class-path", "--driver-cores",
    "--driver-default-class-path", "--driver-java-options", "--driver-library-path", "--driver-memory",
    "--executor-cores", "--executor-memory", "--files", "--jars", "--keytab", "--kill", "--master", "--remote",
    "--name", "--num-executors", "--packages", "--exclude-packages", "--principal", "--properties-file",
    "--extra-properties-file", "--proxy-user", "--py-files", "--queue", "--repositories", "--status",
    "--total-executor-cores",
}  # fmt: skip
SWITCHES = {"--help", "-h", "--supervise", "--usage-error", "--verbose", "-v", "--version", "--load-spark-defaults"}
SETTING_OF_OPTION = {
    "--driver-memory": "spark.driver.memory",
    "--driver-java-options": "spark.driver.extraJavaOptions",
    "--driver-library-path": "spark.driver.extraLibraryPath",
    "--driver-class-path": "spark.driver.extraClassPath",
    "--driver-default-class-path": "spark.driver.defaultExtraClassPath",
    "--master": "spark.master",
    "--deploy-mode": "spark.submit.deployMode",
}
# Main classes whose command line Spark's launcher treats in ways of its own (shells, Thrift and Connect servers).
SPECIAL_CLASSES = {
    "org.apache.spark.repl.Main",
    "org.apache.spark.sql.application.ConnectRepl",
    "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver",
    "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2",
    "org.apache.spark.sql.connect.service.SparkConnectServer",
}
SPECIAL_RESOURCES = {"pyspark-shell-main", "sparkr-shell-main", "run-example"}

# Environment of each class that has its own: its options, its memory, its extra class path.
DAEMON = ("SPARK_DAEMON_MEMORY", "SPARK_DAEMON_CLASSPATH")
CLASS_ENVIRONMENT = {
    "org.apache.spark.deploy.master.Master": (["SPARK_DAEMON_JAVA_OPTS", "SPARK_MASTER_OPTS"], *DAEMON),
    "org.apache.spark.deploy.worker.Worker": (["SPARK_DAEMON_JAVA_OPTS", "SPARK_WORKER_OPTS"], *DAEMON),
    "org.apache.spark.deploy.ExternalShuffleService": (["SPARK_DAEMON_JAVA_OPTS", "SPARK_SHUFFLE_OPTS"], *DAEMON),
    "org.apache.spark.deploy.history.HistoryServer": (["SPARK_DAEMON_JAVA_OPTS", "SPARK_HISTORY_OPTS"], *DAEMON),
    "org.apache.spark.executor.CoarseGrainedExecutorBackend": (
        ["SPARK_EXECUTOR_OPTS"],
        "SPARK_EXECUTOR_MEMORY",
        "SPARK_EXECUTOR_CLASSPATH",
    ),
    "org.apache.hive.beeline.BeeLine": (["SPARK_BEELINE_OPTS"], "SPARK_BEELINE_MEMORY", None),
}
# They do little for a long time: what counts is when they listen.
DAEMONS_WITH_START_PROFILE = {
    "org.apache.spark.deploy.master.Master",
    "org.apache.spark.deploy.worker.Worker",
    "org.apache.spark.deploy.ExternalShuffleService",
}


class NotOrdinary(Exception):
    """Spark's own launcher has to decide."""


def split_options(text):
    """Splits a string of JVM options at blanks as Spark does: '...' and "..." group, a backslash escapes."""
    options, current, quote, escaped = [], None, "", False
    for c in text or "":
        if escaped:
            current, escaped = (current or "") + c, False
        elif c == "\\" and quote != "'":
            current, escaped = current or "", True
        elif quote:
            if c == quote:
                quote = ""
            else:
                current += c
        elif c in "'\"":
            current, quote = current or "", c
        elif c.isspace():
            if current is not None:
                options.append(current)
            current = None
        else:
            current = (current or "") + c
    if escaped or quote:
        raise NotOrdinary("unbalanced quotes")
    return options if current is None else options + [current]


ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def read_properties(path):
    """A file in the format of java.util.Properties (UTF-8, as Spark reads it), values trimmed."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    properties, index = {}, 0
    while index < len(lines):
        line = lines[index].lstrip(" \t\f")
        index += 1
        if not line or line[0] in "#!":
            continue
        while (len(line) - len(line.rstrip("\\"))) % 2 == 1:
            line = line[:-1] + (lines[index].lstrip(" \t\f") if index < len(lines) else "")
            index += 1
        end = 0
        while end < len(line) and line[end] not in "=: \t\f":
            end += 2 if line[end] == "\\" else 1
        value = line[end:].lstrip(" \t\f")
        if value[:1] in ("=", ":"):
            value = value[1:].lstrip(" \t\f")
        properties[unescape(line[:end])] = unescape(value).strip()
    return properties


def unescape(text):
    if "\\" not in text:
        return text
    result, index = [], 0
    while index < len(text):
        c = text[index]
        if c == "\\" and index + 1 < len(text):
            c = text[index + 1]
            index += 1
            if c == "u":
                c = chr(int(text[index + 1 : index + 5], 16))
                index += 4
            else:
                c = ESCAPES.get(c, c)
        result.append(c)
        index += 1
    return "".join(result)


def java():
    home = os.environ.get("JAVA_HOME")
    return home + "/bin/java" if home else "java"


def path_entries(text):
    return [e + "/" if os.path.isdir(e) and not e.endswith("/") else e for e in (text or "").split(":") if e]


def class_path(before="", after=""):
    """None where the standard class path will do. The caller's configuration directories are searched after the jars
    here (in front of them in Spark's launcher): no jar of Spark holds a file of such a directory, and the archive stays
    valid."""
    environment = [os.environ.get(name) for name in ("HADOOP_CONF_DIR", "YARN_CONF_DIR", "SPARK_DIST_CLASSPATH")]
    first = path_entries(before)
    last = [e for text in (os.environ.get("SPARK_CONF_DIR"), after, *environment) for e in path_entries(text)]
    if not first and not last:
        return None
    with open(CLASS_PATH) as file:
        return ":".join([*first, file.read().strip(), *last])


def has_logging_of_its_own(options):
    """Whether the caller configures Log4j, in a way that our file would override."""
    if any("log4j.configurationFile" in o or "log4j2.configurationFile" in o for o in options):
        return True
    directory = os.environ.get("SPARK_CONF_DIR")
    return bool(directory) and os.path.isdir(directory) and any(n.startswith("log4j2") for n in os.listdir(directory))


def current_profile():
    name = os.environ.get("LAMPLIGHTER_JVM_PROFILE") or DEFAULT_PROFILE
    if name not in PROFILES:
        sys.exit(f"LAMPLIGHTER_JVM_PROFILE is {name!r}; it can be {', '.join(PROFILES)}")
    return PROFILES[name]


def jvm(options, path=None, profile=None):
    """The command line up to the main class. The caller's options come last and win."""
    profile = PROFILES[profile] if profile else current_profile()
    everywhere = options + split_options(os.environ.get("JAVA_TOOL_OPTIONS")) + split_options(
        os.environ.get("JDK_JAVA_OPTIONS")
    )
    if any(o.startswith("-XX:+Use") and o.endswith("GC") for o in everywhere):
        # Two collectors on one command line are an error.
        profile = [o for o in profile if not o.endswith("GC")]
    command = [java(), *profile]
    if os.path.exists(ARCHIVE):
        command += WITH_ARCHIVE
    command.append("@" + OPTIONS)
    if path:
        command += ["-cp", path]
    if os.path.isdir(os.environ.get("TMPDIR", "")):
        # Java reads no environment variable for it, and a run's temporary files should go with the run.
        command.append("-Djava.io.tmpdir=" + os.environ["TMPDIR"])
    if not has_logging_of_its_own(everywhere):
        command.append("-Dlog4j2.configurationFile=file:" + LOGGING)
    return command + options


def write_to_the_log():
    """The JVM that belongs to a notebook's Python: what it has to say is not output of the cell that needed it first."""
    if "_PYSPARK_DRIVER_CONN_INFO_PATH" not in os.environ:
        return
    for descriptor, name in ((1, "LAMPLIGHTER_LOG_STDOUT"), (2, "LAMPLIGHTER_LOG_STDERR")):
        try:
            log = os.open(os.environ.get(name, ""), os.O_WRONLY | os.O_CLOEXEC)
        except OSError:
            continue  # not a notebook's
        os.dup2(log, descriptor)


def become(command):
    write_to_the_log()
    if os.environ.get("SPARK_PRINT_LAUNCH_COMMAND"):
        print("Spark Command:", *command, "\n" + "=" * 40, file=sys.stderr)
    sys.stdout.flush()
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.exit(f"cannot start Java: {command[0]}: {error.strerror} (is JAVA_HOME right?)")


def java_options(text):
    if text and "Xmx" in text:
        raise NotOrdinary("Spark refuses the heap size here, and says why")
    return split_options(text)


def driver_options(settings):
    """The JVM options that a driver's settings ask for."""
    return [
        *java_options(settings.get("spark.driver.defaultJavaOptions")),
        *java_options(settings.get("spark.driver.extraJavaOptions")),
    ]


def executor_options(settings):
    """The archive for the executors, as a default that any setting of the run replaces. No collector: one more in the
    run's spark.executor.extraJavaOptions would be an error."""
    name = "spark.executor.defaultJavaOptions"
    if name in settings or not os.path.exists(ARCHIVE):
        return []
    options = WITH_ARCHIVE + [o for o in current_profile() if not o.endswith("GC")]
    return [f"-D{name}=" + " ".join(f'"{o}"' for o in options)]


def driver_memory(settings):
    names = ("SPARK_DRIVER_MEMORY", "SPARK_MEM")
    candidates = [settings.get("spark.driver.memory"), *map(os.environ.get, names), DEFAULT_MEMORY]
    return "-Xmx" + next(c for c in candidates if c)


def extra_class_path(settings):
    names = ("spark.driver.extraClassPath", "spark.driver.defaultExtraClassPath")
    return ":".join(settings[n].strip() for n in names if settings.get(n, "").strip())


def add_library_path(settings):
    path = settings.get("spark.driver.extraLibraryPath")
    if path:
        old = os.environ.get("LD_LIBRARY_PATH")
        os.environ["LD_LIBRARY_PATH"] = f"{old}:{path}" if old else path


def parse_submit(args):
    """The settings on spark-submit's command line, and its properties files."""
    settings, files, defaults = {}, {"main": None, "extra": []}, False
    index = 0
    while index < len(args):
        option, value = args[index], None
        if option.startswith("--") and "=" in option[2:]:
            option, value = option.split("=", 1)
            if not value or option not in WITH_VALUE:
                raise NotOrdinary(option)
        index += 1
        if option in SWITCHES:
            defaults = defaults or option == "--load-spark-defaults"
            if option not in ("--verbose", "-v", "--supervise", "--load-spark-defaults"):
                return None, None, False  # answered by SparkSubmit itself; nothing is launched
            continue
        if option not in WITH_VALUE:
            if option in SPECIAL_RESOURCES or option.startswith("-"):
                raise NotOrdinary(option)
            return settings, files, defaults
        if value is None:
            if index == len(args):
                raise NotOrdinary(option)
            value = args[index]
            index += 1
        if option in ("--conf", "-c"):
            name, equals, value = value.partition("=")
            if not equals:
                raise NotOrdinary(name)
            settings[name] = value
        elif option == "--remote" or (option == "--class" and value in SPECIAL_CLASSES):
            raise NotOrdinary(option)
        elif option == "--properties-file":
            files["main"] = value
        elif option == "--extra-properties-file":
            files["extra"].append(value)
        elif option in ("--kill", "--status"):
            return None, None, False
        elif option in SETTING_OF_OPTION:
            settings[SETTING_OF_OPTION[option]] = value
    raise NotOrdinary("no application")


def with_files(settings, files, defaults):
    """The command line wins over properties files, a later file over an earlier one, all over spark-defaults.conf."""
    result = {}
    directory = os.environ.get("SPARK_CONF_DIR") or HOME + "/conf"
    default_file = directory + "/spark-defaults.conf"
    if (files["main"] is None or defaults) and os.path.isfile(default_file):
        result.update(read_properties(default_file))
    for path in [files["main"], *files["extra"]]:
        if path is not None:
            if not os.path.isfile(path):
                raise NotOrdinary("no such file")
            result.update(read_properties(path))
    result.update(settings)
    return result


def submit_command(args):
    settings, files, defaults = parse_submit(args)
    if settings is None:
        return [*jvm(["-Xmx" + DEFAULT_MEMORY], class_path(), "start"), SPARK_SUBMIT, *args]
    settings = with_files(settings, files, defaults)
    if "spark.remote" in settings or settings.get("spark.api.mode", "classic").lower() != "classic":
        raise NotOrdinary("Connect")
    client = not settings.get("spark.master") or settings.get("spark.submit.deployMode", "client") == "client"
    options = split_options(os.environ.get("SPARK_SUBMIT_OPTS"))
    before = ""
    if client:
        options += [*executor_options(settings), driver_memory(settings), *driver_options(settings)]
        before = extra_class_path(settings)
        add_library_path(settings)
    return [*jvm(options, class_path(before)), SPARK_SUBMIT, *args]


def class_command(name, args):
    keys, memory, extra = CLASS_ENVIRONMENT.get(name, ([], "SPARK_DRIVER_MEMORY", None))
    options = []
    for key in keys:
        text = os.environ.get(key)
        if text and "Xmx" in text:
            sys.exit(
                f"{key} is not allowed to specify max heap(Xmx) memory settings (was {text}). "
                "Use the corresponding configuration instead."
            )
        options += split_options(text)
    options.append("-Xmx" + (os.environ.get(memory) or DEFAULT_MEMORY))
    before = os.environ.get(extra) if extra else ""
    profile = "start" if name in DAEMONS_WITH_START_PROFILE else None
    return [*jvm(options, class_path(before), profile), name, *args]


def jar_command(args):
    if len(args) < 3:
        sys.exit("usage: run-jar PROPERTIES_FILE LIBRARY_JARS MAIN_CLASS [ARGS...]")
    file, jars, main_class, *rest = args
    try:
        settings = read_properties(file)
        options = [*executor_options(settings), driver_memory(settings), *driver_options(settings)]
    except OSError as error:
        sys.exit(f"cannot read the properties file {file}: {error.strerror}")
    except NotOrdinary:
        sys.exit(
            "spark.driver.extraJavaOptions: quotes must balance, and the heap size (-Xmx) is set by spark.driver.memory"
        )
    add_library_path(settings)
    path = class_path(extra_class_path(settings), jars)
    # JarMain reads the settings from the file itself: no value of them may show in a list of processes.
    options += ["-Dlamplighter.properties=" + os.path.abspath(file), "-Dlamplighter.jars=" + jars]
    return [*jvm(options, path), "org.lamplighter.runtime.JarMain", main_class, *rest]


def ask_spark_launcher(args):
    """Runs Spark's own launcher, as spark-class does, and becomes the command that it prints."""
    import subprocess

    launcher = [java(), "-Xmx128m", *split_options(os.environ.get("SPARK_LAUNCHER_OPTS"))]
    launcher += ["-cp", HOME + "/jars/*", "org.apache.spark.launcher.Main", SPARK_SUBMIT, *args]
    done = subprocess.run(launcher, stdout=subprocess.PIPE)
    output = os.fsdecode(done.stdout)
    messages, marker, command = output.partition("\0\n")
    if messages.strip():
        print(messages.strip(), file=sys.stderr if done.returncode else sys.stdout)
    if done.returncode or not marker:
        sys.exit(done.returncode or 1)
    become(command.split("\0")[:-1])


def main(script, args):
    if script == "spark-class" and not args:
        sys.exit("usage: spark-class CLASS [ARGS...]")
    if script == "run-jar":
        become(jar_command(args))
    if script == "spark-class" and args[0] != SPARK_SUBMIT:
        become(class_command(args[0], args[1:]))
    submit = args[1:] if script == "spark-class" else args
    if os.environ.get("SPARK_CONNECT_MODE") == "1":
        return ask_spark_launcher(submit)
    try:
        command = submit_command(submit)
    except NotOrdinary:
        return ask_spark_launcher(submit)
    become(command)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
