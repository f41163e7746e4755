# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""The notebooks that the tests run, and a server with them."""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from lamplighter import Server  # noqa: E402

SECRET = "wick-and-oil-4711"
# What matplotlib paints: nothing else on a page has this colour.
PLOT_COLOR = (0, 170, 68)

SETUP = """# Databricks notebook source
greeting = "Good evening"
"""

REPORT = '''# Databricks notebook source
# MAGIC %md
# MAGIC # Lamps of Berne
# MAGIC
# MAGIC What the *lamplighter* has to do, **street by street**:
# MAGIC
# MAGIC 1. read the parameters
# MAGIC 2. light the lamps
# MAGIC    - the tall ones first
# MAGIC
# MAGIC | street | lamps |
# MAGIC |---|---|
# MAGIC | Mill Lane | 12 |
# MAGIC
# MAGIC > <b>Quiet</b> tags count, <blink onclick="x">others</blink> stay text.

# COMMAND ----------

# MAGIC %run ./setup

# COMMAND ----------

# DBTITLE 1,Parameters
dbutils.widgets.text("name", "nobody", "Name")
dbutils.widgets.text("age", "0", "Age")
name, age = dbutils.widgets.get("name"), int(dbutils.widgets.get("age"))
print(f"{greeting}, {name}, {age} years")

# COMMAND ----------

import matplotlib.pyplot as plt
figure, axes = plt.subplots(figsize=(6, 3))
axes.bar(["Mon", "Tue", "Wed"], [3, 5, 2], color="#00aa44")
axes.set_title("Lamps lit")
plt.show()

# COMMAND ----------

# DBTITLE 1,Streets
from pyspark.sql import functions as F
streets = spark.range(60).select(
    F.concat(F.lit("Street "), F.format_string("%02d", "id")).alias("street"),
    (F.col("id") * 7 % 23).alias("lamps"), (F.col("id") * 1.5 - 20).alias("slope"),
    (F.col("id") + 9007199254740993).alias("number"),
    *[F.lit("wide " * 4).alias(f"note_{n}") for n in range(8)])
streets.createOrReplaceTempView("streets")
display(streets)

# COMMAND ----------

# MAGIC %sql
# MAGIC SELECT lamps, count(*) AS streets FROM streets GROUP BY lamps ORDER BY lamps

# COMMAND ----------

# MAGIC %sh
# MAGIC echo "from a shell: $((6 * 7))"
# MAGIC echo "to standard error" >&2

# COMMAND ----------

displayHTML("""<p style="color: rgb(200, 0, 100)">HTML of <b>its own</b></p>
<p id="spy">not run</p><script>
let seen = "script ran";
try { seen += parent.document.title } catch (error) { seen += ", sees nothing" }
document.getElementById("spy").textContent = seen;
</script>""")

# COMMAND ----------

print("the key is", dbutils.secrets.get("town", "key"))

# COMMAND ----------

child = dbutils.notebook.run("./child", 60, {"n": "3"})

# COMMAND ----------

WAIT
try:
    {}["lamp"]
except KeyError as error:
    print("<script>document.title = 'taken'</script>", error)

# COMMAND ----------

dbutils.notebook.exit(f"lit for {name}, {child}")
'''

CHILD = """# Databricks notebook source
dbutils.notebook.exit("n was " + dbutils.widgets.get("n"))
"""


def waiting(path):
    """Holds a notebook until there is a file."""
    return f"""import os, time
while not os.path.exists({str(path)!r}): time.sleep(0.05)
print("went on")"""


def cell(source, nuid):
    metadata = {"application/vnd.databricks.v1+cell": {"nuid": nuid, "title": "", "showTitle": False}}
    return {"cell_type": "code", "execution_count": None, "id": nuid[:8], "metadata": metadata, "outputs": [],
            "source": source}


def element(nuid, x, y, width, height):
    return {"elementNUID": nuid, "elementType": "command", "guid": nuid + "-e", "options": None, "resultIndex": None,
            "dashboardResultIndex": 0, "position": {"x": x, "y": y, "width": width, "height": height, "z": None}}


def with_dashboard():
    """A Jupyter file as Databricks exports it, with a dashboard of its second and third cell."""
    first, table, plot = ("aaaaaaaa-0000-4000-8000-00000000000" + digit for digit in "123")
    dashboard = {
        "elements": [element(table, 12, 0, 12, 8), element(plot, 0, 0, 12, 8)], "globalVars": {}, "guid": "",
        "layoutOption": {"grid": True, "stack": True}, "nuid": "bbbbbbbb-0000-4000-8000-000000000001", "origId": 1,
        "title": "The evening", "version": "DashboardViewV1", "width": 1024}
    return json.dumps({
        "cells": [
            cell("print('not on the dashboard')", first),
            cell("display([{'street': 'Mill Lane', 'lamps': 12}, {'street': 'Quay', 'lamps': 4}])", table),
            cell("import matplotlib.pyplot as plt\nplt.bar(['a', 'b'], [2, 3], color='#00aa44')\nplt.show()", plot)],
        "metadata": {
            "application/vnd.databricks.v1+notebook": {
                "dashboards": [dashboard], "language": "python", "notebookMetadata": {"pythonIndentUnit": 4},
                "notebookName": "evening", "widgets": {}},
            "language_info": {"name": "python"}},
        "nbformat": 4, "nbformat_minor": 5})


class Workspace(Server):
    """A server with the notebooks above."""

    def fill(self, gate):
        """The report waits for the file `gate`."""
        assert self.post("secrets/scopes/create", {"scope": "town"}).status == 200
        assert self.post("secrets/put", {"scope": "town", "key": "key", "string_value": SECRET}).status == 200
        self.add("/town/setup", SETUP)
        self.add("/town/child", CHILD)
        self.add("/town/report", REPORT.replace("WAIT", waiting(gate)))
        self.add("/town/evening", with_dashboard(), "JUPYTER")

    def add(self, path, text, kind="SOURCE"):
        self.post("workspace/mkdirs", {"path": path.rsplit("/", 1)[0]})
        answer = self.post("workspace/import", {
            "path": path, "format": kind, "language": "PYTHON", "overwrite": True,
            "content": base64.b64encode(text.encode()).decode()})
        assert answer.status == 200, answer

    def job(self, path, **parameters):
        answer = self.post("jobs/create", {
            "name": f"Notebook {path}", "existing_cluster_id": "default",
            "notebook_task": {"notebook_path": path, "base_parameters": parameters}})
        assert answer.status == 200, answer
        return answer.json["job_id"]

    def run_now(self, job_id, **parameters):
        """As the specification's example does it."""
        answer = self.post("jobs/run-now", {"job_id": job_id, "notebook_params": parameters})
        assert answer.status == 200, answer
        return answer.json["run_id"]

    def cells(self, run_id):
        return self.get(f"jobs/runs/cells?run_id={run_id}").json["cells"]

    def views(self, run_id, views="CODE"):
        answer = self.get(f"jobs/runs/export?run_id={run_id}&views_to_export={views}")
        assert answer.status == 200, answer
        return answer.json["views"]
