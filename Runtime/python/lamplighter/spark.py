# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Spark in a notebook: it starts with the first cell that uses it, as in driver.py."""

import importlib.util
import os
import sys


def load_driver():
    """driver.py, under a name that no module of a notebook has."""
    name = "lamplighter.driver"
    if name not in sys.modules:
        path = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "driver.py")
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


driver = load_driver()


def prepare(environment, directory):
    """What has to be settled before Spark starts, whoever starts it."""
    runtime = os.path.dirname(sys.prefix)
    if os.path.isdir(runtime + "/spark/jars"):
        environment.setdefault("SPARK_HOME", runtime + "/spark")
    environment.setdefault("PYSPARK_PYTHON", sys.executable)
    # Executors find the classes of Scala cells here.
    classes = os.path.join(directory, "scala-classes")
    os.makedirs(classes, exist_ok=True)
    environment["LAMPLIGHTER_SCALA_CLASSES"] = classes
    submit = environment.get("PYSPARK_SUBMIT_ARGS", "pyspark-shell")
    if "spark.repl.class.outputDir" not in submit:
        environment["PYSPARK_SUBMIT_ARGS"] = f"--conf 'spark.repl.class.outputDir={classes}' {submit}"


def make_names(names, display):
    """Puts spark, sc, sqlContext and their kin into the names of the notebook."""
    names.update(sql=sql, table=table, udf=udf)
    add_display(display)
    lazies = driver.LazySession(), driver.LazyContext(), driver.LazySQLContext()
    driver.Lazy.main_names = dict(zip(("spark", "sc", "sqlContext"), lazies)), names
    names.update(driver.Lazy.main_names[0])


def sql(query, *args, **kwargs):
    """spark.sql"""
    return session().sql(query, *args, **kwargs)


def table(name):
    """spark.table"""
    return session().table(name)


def udf(*args, **kwargs):
    """pyspark.sql.functions.udf"""
    from pyspark.sql import functions

    return functions.udf(*args, **kwargs)


def add_display(display):
    """DataFrame.display(): at once, or when Spark starts."""
    dataframe = sys.modules.get("pyspark.sql.dataframe")
    if dataframe is not None:
        dataframe.DataFrame.display = lambda frame, *_, **__: display(frame)
        return
    make_session = driver.LazySession.make

    def make():
        session = make_session()
        add_display(display)
        return session

    driver.LazySession.make = staticmethod(make)


def session():
    return driver.LazySession.make()


def gateway():
    """The gateway to the JVM of Spark, if there is one by now."""
    context = sys.modules.get("pyspark.core.context")
    return context.SparkContext._gateway if context is not None else None


# --- keeping Spark while Python restarts ------------------------------------------------------------------------------


def hand_over():
    """What the next Python process needs to go on with this Spark; None where there is none."""
    running = gateway()
    context = sys.modules["pyspark.core.context"].SparkContext._active_spark_context if running is not None else None
    if context is None or getattr(running, "proc", None) is None:
        return None
    from pyspark.sql import SparkSession

    lifeline = running.proc.stdin.fileno()
    # The JVM lives as long as this pipe; the copy stays open over the exec.
    kept = os.dup(lifeline)
    os.set_inheritable(kept, True)
    parameters = running.gateway_parameters
    session_of_jvm = SparkSession.getActiveSession()
    running.jvm.org.lamplighter.runtime.Sessions.keep(session_of_jvm._jsparkSession if session_of_jvm else None)
    return {"port": parameters.port, "secret": parameters.auth_token, "lifeline": kept, "pid": running.proc.pid}


def take_over(state):
    """Makes SparkContext and SparkSession of what the process before this one has left."""
    os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"] = str(state["port"]), state["secret"]
    try:
        from pyspark import SparkConf, SparkContext
        from pyspark.java_gateway import launch_gateway
        from pyspark.sql import SparkSession

        running = launch_gateway()
    finally:
        del os.environ["PYSPARK_GATEWAY_PORT"], os.environ["PYSPARK_GATEWAY_SECRET"]
    os.set_inheritable(state["lifeline"], False)
    running.proc = Lifeline(state["lifeline"], state["pid"])
    kept = running.jvm.org.lamplighter.runtime.Sessions.kept()
    java_context = running.jvm.org.apache.spark.api.java.JavaSparkContext(
        running.jvm.org.apache.spark.SparkContext.getOrCreate()
    )
    context = SparkContext(gateway=running, jsc=java_context, conf=SparkConf(_jconf=java_context.getConf()))
    SparkSession(context, kept) if kept is not None else SparkSession.builder.getOrCreate()


class Lifeline:
    """Stands for the process of the JVM, which another program has started: stop_spark closes its standard input."""

    def __init__(self, descriptor, pid):
        self.stdin = os.fdopen(descriptor, "wb", buffering=0)
        self.pid = pid

    def poll(self):
        try:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            return status if ended else None
        except ChildProcessError:
            return 0
