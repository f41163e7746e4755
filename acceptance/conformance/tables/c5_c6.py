# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C5 and C6: tasks and their parameters."""

from contract.cases import bad, cluster, good
from contract.settings import REMOVE

ASCII = "ASCII"


def notebook(**members):
    return {"notebook_task": {"notebook_path": "/a", **members}}


def submit(*parameters, **more):
    return {"spark_submit_task": {"parameters": list(parameters)}, **more}


GOOD = [
    *(good("C5", notebook(notebook_path=path)) for path in ("/a", "/Users/a@example.com/Nightly run", "/Ünï/夜")),
    good("C5", notebook(base_parameters={"a": "", "~": " !~\t"})),
    good("C5", notebook(revision_timestamp=0)),
    good("C5", cluster(spark_env_vars={"A": "b c", "B": "$SPARK_DAEMON_JAVA_OPTS -Dx=y", "C": ""})),
    good("C6", submit("--class", "a.B", "--conf", "spark.x=y", "dbfs:/a.jar", "master", "-m")),
    good("C6", submit()),
    good("C6", submit("dbfs:/a.py", libraries=[])),
    good("C6", submit("dbfs:/a.py", **cluster(spark_conf={}))),
]
BAD = [
    *(bad("C5", "notebook_task.notebook_path", path, "/", **notebook(notebook_path=path))
      for path in ("a", "./a", "Users/a", "dbfs:/a", " /a")),
    bad("C5", "notebook_task.notebook_path", **notebook(notebook_path="")),
    *(bad("C5", "notebook_task.base_parameters", value, ASCII, **notebook(base_parameters={"key": value}))
      for value in ("é", "夜", "🌒")),
    bad("C5", "notebook_task.base_parameters", "schlüssel", ASCII, **notebook(base_parameters={"schlüssel": "a"})),
    *(bad("C5", "new_cluster.spark_env_vars", value, ASCII, **cluster(spark_env_vars={"KEY": value}))
      for value in ("é", "夜", "🌒")),
    bad("C5", "new_cluster.spark_env_vars", "SCHLÜSSEL", ASCII, **cluster(spark_env_vars={"SCHLÜSSEL": "a"})),
    bad("C6", "Spark submit task is not allowed on existing cluster.",
        **submit("dbfs:/a.py", existing_cluster_id="1201-my-cluster", new_cluster=REMOVE)),
    bad("C6", "libraries", **submit("dbfs:/a.py", libraries=[{"jar": "dbfs:/a.jar"}])),
    bad("C6", "new_cluster.spark_conf", **submit("dbfs:/a.py", **cluster(spark_conf={"spark.x": "y"}))),
    *(bad("C6", "spark_submit_task.parameters", option.split("=")[0], "--master", "--deploy-mode", "--executor-cores",
          **submit("--class", "a.B", option, "x", "dbfs:/a.jar"))
      for option in ("--master", "--deploy-mode", "--executor-cores", "--master=local", "--deploy-mode=cluster",
                     "--executor-cores=4")),
]
