# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Lamplighter authors

"""C7: values of aws_attributes that are not given; Lamplighter shows them where it reviews settings."""

import pytest

from contract.settings import settings

INFERRED = [(100, 3000, 125), (169, 3000, 125), (170, 3000, 250), (171, 3000, 250), (1000, 3000, 250),
            (1001, 3003, 250), (2000, 6000, 250), (4096, 12_288, 250)]


def effective(api, **given):
    body = settings(new_cluster={"aws_attributes": given})
    return api.post("jobs/validate", body).ok()["settings"]["new_cluster"]["aws_attributes"]


@pytest.mark.rule("C7", "positive")
@pytest.mark.extension
def test_defaults(api):
    assert effective(api)["spot_bid_price_percent"] == 100
    assert effective(api)["zone_id"] == "auto"


@pytest.mark.rule("C7", "positive")
@pytest.mark.extension
@pytest.mark.parametrize("size, iops, throughput", INFERRED)
def test_iops_and_throughput_are_inferred_from_the_size(api, size, iops, throughput):
    found = effective(api, ebs_volume_type="GENERAL_PURPOSE_SSD", ebs_volume_count=1, ebs_volume_size=size)
    assert (found["ebs_volume_iops"], found["ebs_volume_throughput"]) == (iops, throughput)


@pytest.mark.rule("C7", "negative")
@pytest.mark.extension
def test_nothing_is_inferred_where_one_of_them_is_given(api):
    found = effective(api, ebs_volume_type="GENERAL_PURPOSE_SSD", ebs_volume_count=1, ebs_volume_size=2000,
                      ebs_volume_iops=3000)
    assert found["ebs_volume_iops"] == 3000
    assert "ebs_volume_throughput" not in found
