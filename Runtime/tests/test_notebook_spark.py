# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Notebooks on Spark: Python, SQL and Scala see one session; it outlives a restart of Python."""

import unittest

from notebooks import TABLE, NotebookTestCase


class SparkNotebookTests(NotebookTestCase):
    def run_notebook(self, *cells, **more):
        # As the server gives its settings.
        properties = self.write("spark.properties", "spark.master=local[2]\nspark.ui.enabled=false\nspark.app.name=nb\n"
                                "spark.extraListeners=org.lamplighter.runtime.RunListener\n")  # fmt: skip
        arguments = f"--properties-file '{properties}' pyspark-shell"
        environment = {"PYSPARK_SUBMIT_ARGS": arguments, **more.pop("environment", {})}
        return super().run_notebook(*cells, environment=environment, **more)

    def rows(self, run, cell):
        return [row for output in run.of(cell) if output["type"] == "table" for row in output["data"][TABLE]["rows"]]

    def test_python_and_sql_share_a_session_that_outlives_a_restart(self):
        run = self.run_notebook(
            "import sys\nprint('pyspark' in sys.modules)\n"
            "spark.range(3).createOrReplaceTempView('t')\ndisplay(spark.table('t'))\n"
            "print(type(spark).__name__, sc.appName)",
            "%sql\nCREATE WIDGET TEXT w DEFAULT 'd w';\n-- two; statements\nselect 1;\n"
            "select id, :p as p, '${p}' as q, getArgument('w') as w from t where id < 2",
            "print(_sqldf.count())\nfrom pyspark.sql.functions import udf\nf = udf(lambda v: v + 1, 'bigint')\n"
            "display(spark.table('t').select(f('id')))",
            "open('application', 'w').write(sc.applicationId)\ndbutils.library.restartPython()",
            "sc._jvm.System.err.println('of the JVM')\n"
            "print(sc.applicationId == open('application').read(), 'f' in globals(), spark.table('t').count())\n"
            "print(sc.parallelize([1, 2]).map(lambda v: v * 2).collect())",
            "%sql create or replace temp view u as select 1 as one",
            "display(spark.sql(\"select 1.50 b, map('k', array(1, 2)) c, named_struct('x', date'2024-02-03') d, "
            "x'6162' e, null f, timestamp'2024-02-03 04:05:06' g\"))",
            "sql('select 1').count()\nassert table('t').count() == 3\nassert udf(lambda v: v)\nspark.range(5000).display()",
            "%sql select 1;\n\nselect\n  nowhere\nfrom t",
            parameters={"p": "v"},
        )
        self.assertEqual(run.text(0), "False\nSparkSession nb\n")
        self.assertEqual(self.rows(run, 0), [[0], [1], [2]])
        self.assertEqual(run.of(0)[1]["data"][TABLE]["schema"], [{"name": "id", "type": "bigint"}])
        self.assertEqual(self.rows(run, 1), [[0, "v", "v", "d w"], [1, "v", "v", "d w"]])
        self.assertEqual((run.text(2), self.rows(run, 2)), ("2\n", [[1], [2], [3]]))
        self.assertEqual(run.text(4), "True False 3\n[2, 4]\n")
        self.assertIn("of the JVM\n", run.process.stderr)
        self.assertEqual(run.of(5)[0]["data"]["text/plain"], "OK")
        self.assertEqual(
            self.rows(run, 6), [["1.50", {"k": [1, 2]}, {"x": "2024-02-03"}, "YWI=", None, "2024-02-03T04:05:06"]]
        )
        self.assertEqual((len(self.rows(run, 7)), run.of(7)[0]["data"][TABLE]["truncated"]), (1000, True))
        self.assertEqual((run.states()[-1], run.error["line"]), ("error", 4))
        self.assertIn("UNRESOLVED_COLUMN", run.error["error"])
        self.assertNotIn("Traceback", run.error["error_trace"])
        self.assertEqual([output["type"] for output in run.of(8)], ["error"])
        self.assertEqual(self.task_file("spark.json")["application_id"], (self.work / "application").read_text())

    def test_scala_cells(self):
        run = self.run_notebook(
            'case class P(a: Int, b: String)\nval x = 2\nval ds = Seq(P(1, "q")).toDS()\nprintln(s"x is $x")\n'
            'display(ds)\nds.createOrReplaceTempView("t")',
            "sc.parallelize(1 to 3).map(_ * x).collect().sum",
            "%sql select * from t",
            "%python\nprint(spark.table('t').collect())",
            'dbutils.widgets.text("w", "dw")\nprintln(dbutils.widgets.get("w") + getArgument("p"))\n'
            'dbutils.fs.put("/a.txt", "abc")\ndbutils.fs.ls("/").foreach(f => println(f.path, f.size))\n'
            'displayHTML("<b>x</b>")\ntry dbutils.fs.head("/no") catch { case e: Exception => println(e.getMessage) }',
            "%python\ndbutils.library.restartPython()",
            'println(s"$x" + dbutils.widgets.get("w") + dbutils.widgets.getAll.apply("p"))\n'
            'println(dbutils.notebook.getContext.notebookPath.get)\n'
            'try dbutils.fs.mounts() catch { case e: Exception => println(e.getMessage) }',
            'val y = 1\n\nval z: Int = "text"',
            language="scala",
            parameters={"p": "v"},
        )
        self.assertIn("x is 2\n", run.text(0))
        self.assertIn("val x: Int = 2", run.text(0))
        self.assertEqual((self.rows(run, 0), self.rows(run, 2)), ([[1, "q"]], [[1, "q"]]))
        self.assertIn("Int = 12", run.text(1))
        self.assertEqual(run.text(3), "[Row(a=1, b='q')]\n")
        for line in ("dwv", "(dbfs:/a.txt,3)", "FileNotFoundError"):
            self.assertIn(line, run.text(4))
        self.assertEqual(
            [output["data"] for output in run.of(4) if output["type"] == "html"], [{"text/html": "<b>x</b>"}]
        )
        self.assertTrue(run.text(6).startswith("2dwv\n/Team/a/main\nNotImplementedError: "), run.text(6))
        mismatch = 'CompileError: type mismatch; found : String("text") required: Int'
        self.assertEqual((run.error["error"], run.error["line"]), (mismatch, 3))

    def test_a_scala_cell_can_fail_and_exit(self):
        run = self.run_notebook('%scala\nprintln("before")\nval a = 0\n1 / a', "never")
        self.assertEqual((run.text(0), run.error["error"]), ("before\n", "java.lang.ArithmeticException: / by zero"))
        self.assertEqual(run.error["line"], 4)
        (self.task / "notebook-events.jsonl").unlink()
        (self.task / "error.json").unlink()
        run = self.run_notebook('%scala\ndbutils.notebook.exit("bye")', "never")
        self.assert_succeeded(run)
        self.assertEqual((run.output["result"], run.states()), ("bye", ["finished"]))


if __name__ == "__main__":
    unittest.main()
