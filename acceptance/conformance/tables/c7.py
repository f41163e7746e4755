# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C7: clusters."""

from contract.cases import bad, cluster, good
from contract.settings import REMOVE

C = "C7"
INT32 = 2**31 - 1


def scale(low, high):
    return cluster(num_workers=REMOVE, autoscale={"min_workers": low, "max_workers": high})


def aws(**members):
    return cluster(aws_attributes=members)


def aws_bad(name, value, *allowed, code="INVALID_PARAMETER_VALUE", **more):
    return bad(C, f"new_cluster.aws_attributes.{name}", str(value), *allowed, code=code, **aws(**{name: value}, **more))


def tags(count):
    return {f"tag-{number}": "" for number in range(count)}


def logs(**members):
    return cluster(cluster_log_conf=members)


def script(**members):
    return cluster(init_scripts=[{"workspace": {"destination": "/a.sh"}}, members])


S3 = {"destination": "s3://bucket/prefix", "region": "us-west-2"}

GOOD = [
    *(good(C, cluster(num_workers=value)) for value in (0, 1, 10)),
    *(good(C, scale(low, high)) for low, high in ((0, 1), (1, 2), (2, 100))),
    good(C, cluster(node_type_id=REMOVE, instance_pool_id="pool")),
    good(C, cluster(node_type_id=REMOVE, policy_id="policy")),
    good(C, cluster(instance_pool_id="pool", driver_instance_pool_id="pool 2")),
    good(C, cluster(driver_node_type_id="r3.2xlarge", enable_elastic_disk=True)),
    good(C, cluster(ssh_public_keys=["ssh-rsa AAAA"] * 10)),
    good(C, cluster(custom_tags=tags(45))),
    *(good(C, cluster(custom_tags={key: value})) for key, value in
      (("k", ""), ("k" * 127, "v" * 255), ("ü" * 127, "夜" * 255))),
    good(C, cluster(spark_conf={"spark.speculation": "true"})),
    good(C, cluster(spark_conf={"spark.speculation": True, "n": 5}), stored=cluster(
        spark_conf={"spark.speculation": "true", "n": "5"})),
    good(C, logs(dbfs={"destination": "dbfs:/logs"})), good(C, logs(s3=S3)),
    good(C, logs(s3={"destination": "s3://b/p", "warehouse": "https://s3.example.com"})),
    *(good(C, script(**{kind: {"destination": place}})) for kind, place in
      (("workspace", "/Users/a@example.com/init.sh"), ("dbfs", "dbfs:/init.sh"), ("file", "file:/init.sh"))),
    good(C, script(s3=S3)),
    *(good(C, aws(availability=value)) for value in ("SPOT", "ON_DEMAND", "SPOT_WITH_FALLBACK")),
    *(good(C, aws(spot_bid_price_percent=value)) for value in (1, 100, 10_000)),
    *(good(C, aws(ebs_volume_count=value)) for value in (0, 1, 10)),
    *(good(C, aws(ebs_volume_type="GENERAL_PURPOSE_SSD", ebs_volume_size=value)) for value in (100, 4096)),
    *(good(C, aws(ebs_volume_type="THROUGHPUT_OPTIMIZED_HDD", ebs_volume_size=value)) for value in (500, 4096)),
    *(good(C, aws(ebs_volume_iops=value)) for value in (3000, 16_000)),
    *(good(C, aws(ebs_volume_throughput=value)) for value in (125, 1000)),
    good(C, aws(first_on_demand=0, zone_id="us-west-2a", instance_profile_arn="arn:aws:iam::1:instance-profile/a")),
]
BAD = [
    bad(C, "new_cluster.spark_version", **cluster(spark_version=REMOVE)),
    bad(C, "new_cluster.spark_version", **cluster(spark_version="")),
    bad(C, "new_cluster", "num_workers", "autoscale", **cluster(num_workers=REMOVE)),
    bad(C, "new_cluster", "num_workers", "autoscale",
        **cluster(num_workers=1, autoscale={"min_workers": 1, "max_workers": 2})),
    *(bad(C, "new_cluster.num_workers", str(value), "0", **cluster(num_workers=value)) for value in (-1, -INT32)),
    bad(C, "new_cluster.num_workers", str(INT32 + 1), code="MALFORMED_REQUEST", **cluster(num_workers=INT32 + 1)),
    *(bad(C, "new_cluster.autoscale.max_workers", str(high), str(low), **scale(low, high))
      for low, high in ((1, 1), (0, 0), (3, 2))),
    bad(C, "new_cluster.autoscale.min_workers", "-1", "0", **scale(-1, 2)),
    bad(C, "new_cluster.autoscale.min_workers", **cluster(num_workers=REMOVE, autoscale={"max_workers": 2})),
    bad(C, "new_cluster.autoscale.max_workers", **cluster(num_workers=REMOVE, autoscale={"min_workers": 2})),
    bad(C, "new_cluster.node_type_id", "instance_pool_id", **cluster(node_type_id=REMOVE)),
    bad(C, "new_cluster.node_type_id", **cluster(node_type_id="")),
    bad(C, "new_cluster.driver_instance_pool_id", "instance_pool_id", **cluster(driver_instance_pool_id="pool")),
    bad(C, "new_cluster.ssh_public_keys", "11", "10", **cluster(ssh_public_keys=["ssh-rsa AAAA"] * 11)),
    bad(C, "new_cluster.custom_tags", "46", "45", **cluster(custom_tags=tags(46))),
    bad(C, "new_cluster.custom_tags", "0", "1", "127", **cluster(custom_tags={"": "v"})),
    bad(C, "new_cluster.custom_tags", "128", "127", **cluster(custom_tags={"k" * 128: "v"})),
    bad(C, "new_cluster.custom_tags", "128", "127", **cluster(custom_tags={"ü" * 128: "v"})),
    bad(C, "new_cluster.custom_tags.k", "256", "255", **cluster(custom_tags={"k": "v" * 256})),
    bad(C, "new_cluster.cluster_log_conf", "dbfs", "s3", **logs()),
    bad(C, "new_cluster.cluster_log_conf", "dbfs", "s3", **logs(dbfs={"destination": "dbfs:/a"}, s3=S3)),
    bad(C, "new_cluster.cluster_log_conf.dbfs.destination", **logs(dbfs={})),
    bad(C, "new_cluster.cluster_log_conf.dbfs.destination", "s3://a", "dbfs:/", **logs(dbfs={"destination": "s3://a"})),
    bad(C, "new_cluster.cluster_log_conf.s3.destination", **logs(s3={"region": "us-west-2"})),
    bad(C, "new_cluster.cluster_log_conf.s3.region", "warehouse", **logs(s3={"destination": "s3://b/p"})),
    bad(C, "new_cluster.init_scripts[1]", "workspace", "dbfs", "s3", "file", **script()),
    bad(C, "new_cluster.init_scripts[1]", **script(dbfs={"destination": "dbfs:/a"}, file={"destination": "file:/a"})),
    *(bad(C, f"new_cluster.init_scripts[1].{kind}.destination", **script(**{kind: {}}))
      for kind in ("workspace", "dbfs", "file")),
    bad(C, "new_cluster.init_scripts[1].workspace.destination", "a.sh", **script(workspace={"destination": "a.sh"})),
    bad(C, "new_cluster.init_scripts[1].s3.region", "warehouse", **script(s3={"destination": "s3://b/p"})),
    aws_bad("availability", "CHEAP", "SPOT", "ON_DEMAND", "SPOT_WITH_FALLBACK"),
    aws_bad("availability", "spot", "SPOT"),
    *(aws_bad("spot_bid_price_percent", value, "1", "10000") for value in (0, -1, 10_001)),
    aws_bad("ebs_volume_type", "FLOPPY", "GENERAL_PURPOSE_SSD", "THROUGHPUT_OPTIMIZED_HDD"),
    *(aws_bad("ebs_volume_count", value, "10") for value in (-1, 11)),
    *(aws_bad("ebs_volume_size", value, "100", "4096", ebs_volume_type="GENERAL_PURPOSE_SSD") for value in (99, 4097)),
    *(aws_bad("ebs_volume_size", value, "500", "4096", ebs_volume_type="THROUGHPUT_OPTIMIZED_HDD")
      for value in (499, 4097)),
    *(aws_bad("ebs_volume_iops", value, "3000", "16000") for value in (2999, 16_001)),
    *(aws_bad("ebs_volume_throughput", value, "125", "1000") for value in (124, 1001)),
    aws_bad("first_on_demand", -1, "0"),
]
