// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// Contract C7, "AwsAttributes". The attributes have no effect on self-hosted machines, but a job that the real
/// service would refuse is refused here too.
extension AwsAttributes {
    func validate(_ context: RuleContext) {
        context.range("first_on_demand", firstOnDemand, 0...Int32.max)
        context.oneOf("availability", availability, ["SPOT", "ON_DEMAND", "SPOT_WITH_FALLBACK"])
        context.range("spot_bid_price_percent", spotBidPricePercent, 1...10_000)
        context.oneOf("ebs_volume_type", ebsVolumeType, EBSVolumeType.allCases.map(\.rawValue))
        context.range("ebs_volume_count", ebsVolumeCount, 0...10)
        let type = ebsVolumeType.flatMap(EBSVolumeType.init(rawValue:)) ?? .generalPurposeSSD
        context.range("ebs_volume_size", ebsVolumeSize, type.sizes, meaning: " GiB for \(type.rawValue)")
        context.range("ebs_volume_iops", ebsVolumeIOPS, 3000...16_000)
        context.range("ebs_volume_throughput", ebsVolumeThroughput, 125...1000, meaning: " MiB/s")
    }
}
