# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Real Spark: local, and on a cluster of one master and two workers that is started as the server starts it. A start
of Spark costs seconds, so each test looks at much."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from support import DRIVER, PATIENCE, SPARK_HOME, RuntimeTestCase, wait_until

# Spark asks for the module in every JVM, which says so in every log.
VECTORS = "--add-modules=jdk.incubator.vector"
WARNING = "WARNING: Using incubator modules: jdk.incubator.vector"

LISTENER = "spark.extraListeners org.lamplighter.runtime.RunListener\nspark.ui.port 0\n"

PROGRAM = """
package demo;
import org.apache.spark.sql.SparkSession;
public class Demo {
    public static void main(String[] args) throws Exception {
        if (args[0].equals("count")) {
            SparkSession spark = SparkSession.builder().getOrCreate();
            long sum = spark.range(10).repartition(2).javaRDD().map(Helper::twice).reduce(Long::sum);
            System.out.println("sum " + sum + " " + spark.conf().get("spark.secret") + " " + args.length + " " + args[1]);
            System.out.println("heap " + Runtime.getRuntime().maxMemory() / 1048576 + " " + System.getProperty("mine"));
            String command = new String(java.nio.file.Files.readAllBytes(java.nio.file.Path.of("/proc/self/cmdline")));
            System.out.println("shown " + command.contains("swordfish"));
            Thread idle = new Thread(() -> { try { Thread.sleep(1000000); } catch (InterruptedException e) { } });
            idle.start();
        } else if (args[0].equals("fail")) {
            throw new IllegalStateException("boom", new RuntimeException("inner"));
        } else {
            System.exit(Integer.parseInt(args[0]));
        }
    }
}
"""
HELPER = "package demo; public class Helper { public static Long twice(Long x) { return 2 * x; } }"


class LocalTests(RuntimeTestCase):
    def properties(self, text=""):
        return self.write("run.properties", "spark.master local[2]\nspark.log.level WARN\n" + LISTENER + text)

    def test_a_python_file_uses_spark_without_an_import(self):
        path = self.write(
            "main.py",
            "import atexit, sys, threading, time\n"
            "def work(session):\n"
            "    from pyspark.sql import SparkSession\n"
            "    assert isinstance(session, SparkSession)\n"
            "    print('count', session.range(10).count(), type(session) is SparkSession)\n"
            "    print(session.sparkContext.applicationId)\n"
            "assert 'pyspark' not in sys.modules\n"
            "given = spark\n"
            "work(given)\n"
            "from pyspark import SparkContext\n"
            "from pyspark.sql import SparkSession, SQLContext\n"
            "from pyspark.sql.functions import udf\n"
            "print(spark is SparkSession.builder.getOrCreate(), given.range(3).count(), isinstance(sc, SparkContext))\n"
            "print(sc.parallelize(range(4), 2).sum(), isinstance(sqlContext, SQLContext), sqlContext.sql('select 1').count())\n"
            "def double(x): return 2 * x\n"
            "print([r[0] for r in spark.range(3).select(udf(double, 'long')('id')).collect()])\n"
            "print(spark.conf.get('spark.app.name'), spark.conf.get('spark.secret'))\n"
            "print('swordfish' in open('/proc/%d/cmdline' % sc._gateway.proc.pid).read())\n"
            "import json\n"
            "while not json.load(open(sys.argv[1]))['ui_url']: time.sleep(0.02)\n"
            "atexit.register(lambda: print('handler', spark.range(2).count()))\n"
            "def later():\n    time.sleep(0.2)\n    print('thread', spark.range(5).count())\n"
            "threading.Thread(target=later).start()\n",
        )
        properties = self.properties("spark.secret swordfish\nspark.app.name my app\n")
        done = self.call(
            sys.executable,
            DRIVER,
            path,
            self.task / "spark.json",
            PYSPARK_SUBMIT_ARGS=f"--properties-file {properties} pyspark-shell",
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "count 10 True")
        said = self.task_file("spark.json")
        self.assertEqual(said["application_id"], lines[1])
        self.assertRegex(said["ui_url"], r"^http://.*:\d+$")
        self.assertEqual(
            lines[2:], ["True 3 True", "6 True 1", "[0, 2, 4]", "my app swordfish", "False", "thread 5", "handler 2"]
        )
        self.assertNotIn("Traceback", done.stderr)
        self.assertNotIn("lamplighter:", done.stderr)
        self.assertNotIn(WARNING, done.stderr)

    def test_an_error_of_spark_is_the_tasks_error(self):
        path = self.write("main.py", "def look():\n    spark.sql('select * from nope')\nlook()\n")
        done = self.call(
            sys.executable, DRIVER, path, PYSPARK_SUBMIT_ARGS=f"--properties-file {self.properties()} pyspark-shell"
        )
        self.assertEqual(done.returncode, 1)
        error = self.task_file("error.json")
        self.assertRegex(error["error"], r"AnalysisException: \[TABLE_OR_VIEW_NOT_FOUND\]")
        self.assertNotIn("driver.py", error["error_trace"])

    def test_a_jar(self):
        main = self.java({"Demo.java": PROGRAM, "Helper.java": HELPER})
        helper = self.folder / "helper"
        (helper / "demo").mkdir(parents=True)
        (main / "demo" / "Helper.class").rename(helper / "demo" / "Helper.class")
        jars = f"{self.jar('main jar.jar', main)}:{self.jar('helper.jar', helper)}"
        properties = self.properties(
            "spark.secret sword\\\n  fish\nspark.driver.memory=600m\nspark.driver.extraJavaOptions -Dmine='a b'\n"
        )

        def run(*args):
            return self.call(SPARK_HOME / "bin/run-jar", properties, jars, *args)

        done = run("demo.Demo", "count", "two words")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sum 90 swordfish 2 two words\n", done.stdout)
        self.assertRegex(done.stdout, r"heap (5[89]\d|600) a b\nshown false\n")
        self.assertIn("local-", self.task_file("spark.json")["application_id"])
        self.assertIsNone(self.task_file("error.json"))

        self.assertNotIn(WARNING, done.stderr)

        self.assertEqual(run("demo.Demo", "7").returncode, 7)
        self.assertIsNone(self.task_file("error.json"))

        done = run("demo.Demo", "fail")
        self.assertEqual(done.returncode, 1)
        error = self.task_file("error.json")
        self.assertEqual(error["error"], "java.lang.IllegalStateException: boom")
        self.assertIn('Exception in thread "main" ' + error["error_trace"], done.stderr)
        self.assertIn("Caused by: java.lang.RuntimeException: inner", error["error_trace"])
        self.assertNotIn("lamplighter", error["error_trace"])

        done = run("demo.Nothing")
        self.assertEqual(done.returncode, 1)
        self.assertIn("main class demo.Nothing is in none of the run's jar libraries", self.task_file("error.json")["error"])

    def test_spark_submit_is_sparks(self):
        """Everything that our launcher decides for itself, in one start, in the words of Spark's own."""
        path = self.write(
            "main.py",
            "import os, sys\n"
            "from pyspark.sql import SparkSession\n"
            "spark = SparkSession.builder.getOrCreate()\n"
            "run = spark.sparkContext._jvm.java.lang.Runtime.getRuntime()\n"
            "get = spark.sparkContext._jvm.java.lang.System.getProperty\n"
            "print(sys.argv[1:], run.maxMemory() // 1048576, get('a'), get('b'), spark.conf.get('spark.x'))\n"
            "print(get('java.class.path').split(':')[0], os.environ['LD_LIBRARY_PATH'].split(':')[-1])\n"
            "print(os.environ['PYTHONHASHSEED'], sys.executable, get('java.io.tmpdir'))\n"
            "sys.exit(5)\n",
        )
        conf = self.folder / "conf"
        conf.mkdir()
        (conf / "spark-env.sh").write_text("FROM_ENV=yes\n")
        (conf / "spark-defaults.conf").write_text("spark.driver.memory 111m\n")
        properties = self.properties("spark.driver.memory 999m\nspark.x from-file\nspark.driver.defaultJavaOptions -Da=1\n")
        done = self.call(
            SPARK_HOME / "bin/spark-submit", "--properties-file", properties, "--driver-memory", "700m",
            "--conf=spark.x=from-line", "--driver-java-options", '-Db="2 2"', "--driver-class-path", conf,
            "--driver-library-path", "/some/lib", path, "--conf", "mine=@x",
            SPARK_CONF_DIR=conf,
        )  # fmt: skip
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertRegex(done.stdout, r"\['--conf', 'mine=@x'\] (6[789]\d|700) 1 2 2 from-line\n")
        self.assertIn(f"{conf}/ /some/lib\n0 {sys.executable} {self.folder}\n", done.stdout)

        done = self.call(SPARK_HOME / "bin/spark-submit", "--version")
        self.assertIn("version 4.3.0", done.stderr)
        for args in (["--help"], ["--no-such-option", path], ["--driver-memory"], ["--properties-file", "/none", path]):
            with self.subTest(args):
                ours = self.call(SPARK_HOME / "bin/spark-submit", *args)
                plain = self.call(
                    Path(os.path.realpath(SPARK_HOME / "python/pyspark")) / "bin/spark-submit", *args, SPARK_HOME=""
                )
                self.assertEqual(ours.returncode, plain.returncode)
                said = set(re.findall(r"^(?:Error:|Usage:|Exception).*", plain.stderr, re.M))
                self.assertLessEqual(said, set(ours.stderr.splitlines()))


class ClusterTests(RuntimeTestCase):
    """A master and two workers serve all tests here."""

    @classmethod
    def setUpClass(cls):
        cls.cluster = Path(tempfile.mkdtemp(prefix="lamplighter-test-"))
        cls.processes = []
        try:
            log = cls.start("master", "org.apache.spark.deploy.master.Master")
            cls.master = wait_until(lambda: re.search(r"Starting Spark master at (spark://\S+)", log.read_text()), "master")[1]
            wait_until(lambda: "I have been elected leader" in log.read_text(), "the master to be alive")
            cls.web = re.search(r"MasterWebUI.*? at (http://\S+)", log.read_text())
            for number in (1, 2):
                cls.start(
                    f"worker-{number}", "org.apache.spark.deploy.worker.Worker", "--cores", "1", "--memory", "1g",
                    "--work-dir", str(cls.cluster / f"work-{number}"), cls.master,
                )  # fmt: skip
            wait_until(lambda: log.read_text().count("Registering worker") == 2, "two workers")
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def start(cls, name, main_class, *args):
        log = cls.cluster / f"{name}.log"
        keep = {k: v for k, v in os.environ.items() if not k.startswith(("SPARK_", "PYSPARK_"))}
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [SPARK_HOME / "bin/spark-class", main_class, "--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
                + list(args),
                env=dict(keep, SPARK_LOCAL_IP="127.0.0.1", SPARK_DAEMON_MEMORY="256m"),
                cwd=cls.cluster,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        cls.processes.append(process)
        return log

    @classmethod
    def tearDownClass(cls):
        for process in reversed(cls.processes):
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
        shutil.rmtree(cls.cluster, ignore_errors=True)

    def properties(self):
        return self.write(
            "run.properties",
            f"spark.master {self.master}\nspark.executor.memory 512m\n{LISTENER}"
            f"spark.executor.extraJavaOptions -XX:+UseG1GC -Xlog:class+load:file={self.folder}/loaded-%p.txt\n",
        )

    def test_python_runs_on_the_executors_of_both_workers(self):
        path = self.write(
            "main.py",
            "import os, time\n"
            "def where(x):\n    time.sleep(0.3)\n    return os.getcwd().split('/')[-3]\n"
            "while len(set(sc.parallelize(range(4), 4).map(where).collect())) < 2: pass\n"
            "print(sc.parallelize([('a', 1), ('b', 2), ('a', 3)], 2).reduceByKey(lambda a, b: a + b).lookup('a'))\n"
            "print(sc.applicationId)\n",
        )
        done = self.call(
            sys.executable, DRIVER, path, PYSPARK_SUBMIT_ARGS=f"--properties-file {self.properties()} pyspark-shell"
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(lines[0], "[4]")
        self.assertRegex(lines[1], r"^app-\d+-\d+$")
        self.assertEqual(self.task_file("spark.json")["application_id"], lines[1])
        logs = list(self.folder.glob("loaded-*.txt"))
        self.assertGreaterEqual(len(logs), 2)
        for log in logs:
            text = log.read_text()
            self.assertGreater(text.count("shared objects file"), 3000, "the executors did not use the archive")
        self.assertNotIn(WARNING, done.stderr)
        self.assertNotIn(WARNING, self.logs_of_executors(lines[1]))
        for log in self.cluster.glob("*.log"):
            self.assertNotIn(WARNING, log.read_text(), log.name)

    def logs_of_executors(self, application):
        return "".join(log.read_text() for log in self.cluster.glob(f"work-*/{application}/*/stderr"))

    def test_a_jvm_has_the_incubator_module_of_vectors_where_the_settings_ask_for_it(self):
        path = self.write("main.py", "spark.range(1).count()\nprint(sc.applicationId)\n")
        with self.properties().open("a") as file:
            file.write(f"spark.executor.extraJavaOptions {VECTORS}\nspark.driver.extraJavaOptions {VECTORS}\n")
        done = self.call(
            sys.executable,
            DRIVER,
            path,
            PYSPARK_SUBMIT_ARGS=f"--properties-file {self.folder / 'run.properties'} pyspark-shell",
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(WARNING, done.stderr)
        self.assertIn(WARNING, self.logs_of_executors(done.stdout.strip()))

    def test_a_jar_takes_its_libraries_to_the_executors(self):
        jar = self.jar("demo.jar", self.java({"Demo.java": PROGRAM, "Helper.java": HELPER}))
        with self.properties().open("a") as file:
            file.write("spark.secret swordfish\n")
        done = self.call(SPARK_HOME / "bin/run-jar", self.folder / "run.properties", jar, "demo.Demo", "count", "x")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sum 90 swordfish 2 x\n", done.stdout)

    def test_a_killed_driver_leaves_no_executor_behind(self):
        path = self.write("main.py", "print(sc.applicationId, flush=True)\nspark.range(1).count()\nimport time; time.sleep(999)")
        process = subprocess.Popen(
            [sys.executable, DRIVER, path],
            env=self.environment(PYSPARK_SUBMIT_ARGS=f"--properties-file {self.properties()} pyspark-shell"),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=self.folder,
        )
        application = process.stdout.readline().decode().strip()
        os.killpg(process.pid, signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), -signal.SIGTERM)
        process.stdout.close()
        log = self.cluster / "master.log"
        wait_until(lambda: f"Removing app {application}" in log.read_text(), "the master to see that it ended")


if __name__ == "__main__":
    unittest.main()
