// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An instant in epoch milliseconds (UTC), as the specification counts time.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// `2024-03-10T10:30:00.123Z`.
    public var iso8601: String {
        let date = CivilDate(self)
        let fraction = Int(milliseconds - milliseconds / 1000 * 1000)
        return "\(date.iso8601)T\(date.timeOfDay).\(CivilDate.padded(fraction < 0 ? fraction + 1000 : fraction, 3))Z"
    }

    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }

    public static func + (time: Self, span: Duration) -> Self {
        Timestamp(milliseconds: time.milliseconds + span.wholeMilliseconds)
    }

    public static func - (later: Self, earlier: Self) -> Duration {
        .milliseconds(later.milliseconds - earlier.milliseconds)
    }
}

extension Duration {
    /// The span in milliseconds, rounded towards zero.
    public var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
