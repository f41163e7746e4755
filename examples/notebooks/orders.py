# Databricks notebook source
# MAGIC %md
# MAGIC # Orders of a week
# MAGIC Revenue of the seven days before **day**, by region. The orders are generated; the Spark jobs are real.

# COMMAND ----------

# DBTITLE 1,Revenue by day
from pyspark.sql import functions as F

dbutils.widgets.text("day", "2026-03-02")
orders = (
    spark.range(50_000)
    .withColumn("region", F.expr("element_at(array('West', 'South', 'East', 'North'), int(sqrt(id % 16)) + 1)"))
    .withColumn("day", F.date_sub(F.lit(dbutils.widgets.get("day")), F.expr("pmod(hash(id), 7) + 1")))
    .withColumn("price", F.expr("if(dayofweek(day) IN (1, 7), 60, 35) + pmod(hash(id, day), 2000) / 100"))
)
orders.createOrReplaceTempView("orders")
display(orders.groupBy("day").pivot("region").agg(F.round(F.sum("price")).cast("int")).orderBy("day"))

# COMMAND ----------

# DBTITLE 1,Revenue by region
# MAGIC %sql
# MAGIC SELECT region, count(*) AS orders, round(avg(price), 2) AS average, round(sum(price)) AS revenue
# MAGIC FROM orders GROUP BY region ORDER BY revenue DESC

# COMMAND ----------

dbutils.notebook.exit(f"{orders.count()} orders")
