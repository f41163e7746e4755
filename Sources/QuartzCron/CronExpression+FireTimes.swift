// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension CronExpression {
    /// When a trigger with this expression fires next.
    ///
    /// The answer is Quartz 2.3.2's, also where clocks change: a time that is skipped when they go forward is left out
    /// (or moved to the end of the gap by a schedule that fires in that hour too), and of a time that comes twice when
    /// they go back only the second fires.
    /// - Parameter milliseconds: since 1970-01-01T00:00:00Z; those within a second do not count.
    /// - Returns: a whole second that is later, in the same unit; nil where none comes until `latestYear` is over.
    public func nextFireTime(after milliseconds: Int64, in zone: JavaTimeZone) -> Int64? {
        nextFireTime(after: milliseconds, in: zone.offsets)
    }

    func nextFireTime(after milliseconds: Int64, in offsets: ZoneOffsets) -> Int64? {
        guard mayFire else { return nil }
        let after = min(max(milliseconds, Self.earliest), Self.latest)
        let earliest = CivilDay.floorDivide(Int(after), 1000) + 1
        var walk = FireTimeWalk(self, notBefore: earliest, in: offsets)
        return walk.fireTime().map { Int64($0) * 1000 }
    }

    /// All fire times after an instant, in order, each computed when it is asked for.
    public func fireTimes(after milliseconds: Int64, in zone: JavaTimeZone) -> FireTimes {
        FireTimes(expression: self, zone: zone, position: milliseconds)
    }

    /// 0001-01-01: Quartz's calendar is another one before 1582, and nobody runs jobs then.
    private static let earliest: Int64 = -62_135_596_800_000
    /// 3000-01-01, well beyond `latestYear` in every zone.
    private static let latest: Int64 = 32_503_680_000_000
}

/// The fire times of an expression in a zone, in order; see `CronExpression.fireTimes(after:in:)`.
public struct FireTimes: Sequence, IteratorProtocol, Sendable {
    let expression: CronExpression
    let zone: JavaTimeZone
    private var position: Int64?

    init(expression: CronExpression, zone: JavaTimeZone, position: Int64) {
        (self.expression, self.zone, self.position) = (expression, zone, position)
    }

    /// In milliseconds since 1970-01-01T00:00:00Z.
    public mutating func next() -> Int64? {
        position = position.flatMap { expression.nextFireTime(after: $0, in: zone) }
        return position
    }
}
