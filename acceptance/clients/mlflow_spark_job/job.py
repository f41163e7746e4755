# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

import os
import sys

from pyspark.sql import SparkSession

spark = SparkSession.builder.getOrCreate()
print("project files:", sorted(os.listdir(".")))
print("arguments:", sys.argv[1:])
print("experiment:", os.environ["MLFLOW_EXPERIMENT_ID"], "sum:", spark.range(11).selectExpr("sum(id)").first()[0])
