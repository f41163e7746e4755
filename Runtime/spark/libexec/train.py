# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Run once by setup.sh, on a small cluster inside one JVM: the classes it makes a driver, a master, a worker and an
executor load are the ones that go into the class data archive. So it does a little of what jobs do; what it leaves out
works just as well and starts slower."""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.functions import udf

scratch = sys.argv[1]
spark = SparkSession.builder.appName("lamplighter-setup").getOrCreate()
sc = spark.sparkContext

assert spark.range(10).count() == 10
assert sc.parallelize(range(10), 2).map(lambda x: (x % 2, x)).reduceByKey(lambda a, b: a + b).count() == 2

people = spark.createDataFrame([(1, "ada", 2.0), (2, "bob", 3.0)], ["id", "name", "score"])
people.createOrReplaceTempView("people")
spark.sql("select name, sum(score) total, max(id) from people group by name order by name").show()
people.groupBy("name").agg(F.avg("score")).join(people, "name").collect()
people.select(udf(lambda x: x + 1, "int")("id")).collect()
people.withColumn("day", F.current_date()).filter("score > 2").select("day", F.upper("name")).collect()
spark.sql("show tables").collect()
people.explain()
print(people.schema.simpleString(), people.cache().count())

for kind in ("parquet", "json", "csv", "orc"):
    path = f"{scratch}/data-{kind}"
    people.write.format(kind).mode("overwrite").option("header", True).save(path)
    spark.read.format(kind).option("header", True).option("inferSchema", True).load(path).show()
sc.textFile(f"{scratch}/data-csv").count()

people.write.mode("overwrite").saveAsTable("people_saved")
spark.table("people_saved").count()
spark.stop()
