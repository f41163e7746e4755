// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A cluster's settings for Amazon Web Services ("AwsAttributes"). Stored and returned; without effect on self-hosted
/// machines.
public struct AwsAttributes: Equatable, Sendable, JSONStructure {
    public var firstOnDemand: Int32?
    public var availability: String?
    public var zoneID: String?
    public var instanceProfileARN: String?
    public var spotBidPricePercent: Int32?
    public var ebsVolumeType: String?
    public var ebsVolumeCount: Int32?
    public var ebsVolumeSize: Int32?
    public var ebsVolumeIOPS: Int32?
    public var ebsVolumeThroughput: Int32?

    public init(reading reader: ObjectReader) {
        firstOnDemand = reader.int32("first_on_demand")
        availability = reader.string("availability")
        zoneID = reader.string("zone_id")
        instanceProfileARN = reader.string("instance_profile_arn")
        spotBidPricePercent = reader.int32("spot_bid_price_percent")
        ebsVolumeType = reader.string("ebs_volume_type")
        ebsVolumeCount = reader.int32("ebs_volume_count")
        ebsVolumeSize = reader.int32("ebs_volume_size")
        ebsVolumeIOPS = reader.int32("ebs_volume_iops")
        ebsVolumeThroughput = reader.int32("ebs_volume_throughput")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("first_on_demand", firstOnDemand)
        writer.member("availability", availability)
        writer.member("zone_id", zoneID)
        writer.member("instance_profile_arn", instanceProfileARN)
        writer.member("spot_bid_price_percent", spotBidPricePercent)
        writer.member("ebs_volume_type", ebsVolumeType)
        writer.member("ebs_volume_count", ebsVolumeCount)
        writer.member("ebs_volume_size", ebsVolumeSize)
        writer.member("ebs_volume_iops", ebsVolumeIOPS)
        writer.member("ebs_volume_throughput", ebsVolumeThroughput)
    }
}

/// "EbsVolumeType".
public enum EBSVolumeType: String, CaseIterable, Sendable {
    case generalPurposeSSD = "GENERAL_PURPOSE_SSD"
    case throughputOptimizedHDD = "THROUGHPUT_OPTIMIZED_HDD"

    /// GiB that a volume may have.
    public var sizes: ClosedRange<Int32> {
        switch self {
        case .generalPurposeSSD: 100...4096
        case .throughputOptimizedHDD: 500...4096
        }
    }
}

extension AwsAttributes {
    /// The attributes with the specification's defaults in the place of what is not given; for volumes with neither
    /// IOPS nor throughput "the values are inferred from the disk size".
    public var effective: AwsAttributes {
        var effective = self
        effective.zoneID = zoneID ?? "auto"
        effective.spotBidPricePercent = spotBidPricePercent ?? 100
        if ebsVolumeIOPS == nil, ebsVolumeThroughput == nil, ebsVolumeType == EBSVolumeType.generalPurposeSSD.rawValue,
            let size = ebsVolumeSize
        {
            let inferred = Self.inferredPerformance(ofDisk: size)
            effective.ebsVolumeIOPS = inferred.iops
            effective.ebsVolumeThroughput = inferred.throughput
        }
        return effective
    }

    /// The specification's table ("AwsAttributes", ebs_volume_throughput). The table leaves a disk of exactly 170 GiB
    /// open; it is counted with the larger ones.
    /// - Parameter size: GiB.
    /// - Returns: IOPS, and MiB per second.
    public static func inferredPerformance(ofDisk size: Int32) -> (iops: Int32, throughput: Int32) {
        switch size {
        case ..<170: (3000, 125)
        case 170...1000: (3000, 250)
        default: (min(3 * size, 16_000), 250)
        }
    }
}
