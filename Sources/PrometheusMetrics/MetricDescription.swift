// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What a metric means, for the operator who reads it, and how its values are sorted.
public struct MetricDescription: Sendable {
    public let name: String
    public let help: String
    /// Upper bounds of a histogram's buckets, ascending; those of timers are seconds.
    public let buckets: [Double]

    /// Seconds, from a tenth of a millisecond to a minute.
    public static let seconds = [
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]

    public init(_ name: String, _ help: String, buckets: [Double] = Self.seconds) {
        self.name = name
        self.help = help
        self.buckets = buckets
    }
}
