# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors
"""Counts the words of a text file with Spark: word_count.py FILE [HOW_MANY_TO_SHOW]"""

import sys

from pyspark.sql import SparkSession
from pyspark.sql import functions as f

file = sys.argv[1]
shown = int(sys.argv[2]) if len(sys.argv) > 2 else 10

spark = SparkSession.builder.getOrCreate()

words = (
    spark.read.text(file)
    .select(f.explode(f.split(f.lower("value"), "[^a-z'-]+")).alias("word"))
    .where("word <> ''")
)
counts = words.groupBy("word").agg(f.count("*").alias("times")).orderBy(f.desc("times"), "word").cache()

counts.show(shown)
print(f"{file}: {words.count()} words, {counts.count()} of them different")
spark.stop()
