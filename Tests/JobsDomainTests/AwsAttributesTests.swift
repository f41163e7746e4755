// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import Testing

@testable import JobsDomain

@Suite("C7: what is inferred of AWS attributes")
struct AwsAttributesTests {
    @Test(
        "IOPS and throughput follow from the disk's size where neither is given",
        arguments: [
            (100, 3000, 125), (169, 3000, 125), (170, 3000, 250), (1000, 3000, 250), (1001, 3003, 250),
            (4096, 12_288, 250),
        ] as [(Int32, Int32, Int32)])
    func inferred(_ size: Int32, _ iops: Int32, _ throughput: Int32) {
        #expect(AwsAttributes.inferredPerformance(ofDisk: size) == (iops, throughput))
        let effective = attributes([
            "ebs_volume_type": .string("GENERAL_PURPOSE_SSD"), "ebs_volume_size": .integer(Int64(size)),
        ]).effective
        #expect(effective.ebsVolumeIOPS == iops && effective.ebsVolumeThroughput == throughput)
        #expect(effective.zoneID == "auto" && effective.spotBidPricePercent == 100)
    }

    @Test("a disk beyond 5,333 GiB has no more than 16,000 IOPS")
    func ceiling() { #expect(AwsAttributes.inferredPerformance(ofDisk: 6000) == (16_000, 250)) }

    @Test("what is given is not inferred, and a hard disk has nothing of the kind")
    func given() {
        let iops = attributes([
            "ebs_volume_type": .string("GENERAL_PURPOSE_SSD"), "ebs_volume_size": .integer(500),
            "ebs_volume_iops": .integer(4000),
        ])
        #expect(iops.effective.ebsVolumeIOPS == 4000 && iops.effective.ebsVolumeThroughput == nil)
        let disk = attributes([
            "ebs_volume_type": .string("THROUGHPUT_OPTIMIZED_HDD"), "ebs_volume_size": .integer(500),
        ])
        #expect(disk.effective.ebsVolumeIOPS == nil)
    }

    private func attributes(_ members: JSONObject) -> AwsAttributes {
        AwsAttributes(reading: ObjectReader(members, report: ReadingReport()))
    }
}
