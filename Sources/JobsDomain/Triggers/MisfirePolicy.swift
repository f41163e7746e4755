// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Decides which of a schedule's due instants become runs (contract E7).
///
/// What is on time fires, each instant by itself. What was missed, because the server was down, the machine slept or the
/// clock was set forward, fires once, for the newest instant, when that is recent enough; the rest is recorded as missed.
/// Each instant is handled exactly once: all up to the high-water mark are done, also when the clock is set back.
public struct MisfirePolicy: Equatable, Sendable {
    /// How old the newest missed instant may be to be made up for.
    public let grace: Duration
    /// How late an instant may be and still count as on time: the server was up, only busy.
    public let tolerance: Duration

    public init(grace: Duration = .seconds(60), tolerance: Duration = .seconds(10)) {
        self.grace = grace
        self.tolerance = tolerance
    }

    /// - Parameters:
    ///   - mark: the high-water mark: every instant up to it was handled.
    ///   - watchingSince: since when the scheduler has been running.
    public func decide(
        _ schedule: FireTimeSchedule, mark: Timestamp, now: Timestamp, watchingSince: Timestamp
    ) -> FireDecision {
        guard let oldest = schedule.nextFireTime(after: mark), oldest <= now else {
            return FireDecision(mark: mark, next: schedule.nextFireTime(after: mark))
        }
        if oldest > watchingSince, now - oldest <= tolerance {
            let instants = Self.instants(of: schedule, from: oldest, through: now)
            let newest = instants.last ?? oldest
            return FireDecision(fires: instants, mark: newest, next: schedule.nextFireTime(after: newest))
        }
        return makeUp(schedule, oldest: oldest, now: now)
    }

    private func makeUp(_ schedule: FireTimeSchedule, oldest: Timestamp, now: Timestamp) -> FireDecision {
        // Only instants within the grace period are enumerated: a schedule that fires every second has thirty million
        // others after a year of downtime.
        let recentStart = max(oldest, Timestamp(milliseconds: now.milliseconds - grace.wholeMilliseconds + 1))
        let recent =
            schedule.nextFireTime(after: Timestamp(milliseconds: recentStart.milliseconds - 1)).map { first in
                first <= now ? Self.instants(of: schedule, from: first, through: now) : []
            } ?? []
        guard let newest = recent.last else {
            return FireDecision(
                missed: MissedInstants(first: oldest, through: now), mark: now,
                next: schedule.nextFireTime(after: now))
        }
        let missed =
            oldest < newest
            ? MissedInstants(first: oldest, through: Timestamp(milliseconds: newest.milliseconds - 1)) : nil
        return FireDecision(fires: [newest], missed: missed, mark: newest, next: schedule.nextFireTime(after: newest))
    }

    private static func instants(
        of schedule: FireTimeSchedule, from first: Timestamp, through last: Timestamp
    ) -> [Timestamp] {
        var instants = [first]
        while let next = schedule.nextFireTime(after: instants[instants.count - 1]), next <= last {
            instants.append(next)
        }
        return instants
    }
}

/// What a schedule's due instants become.
public struct FireDecision: Equatable, Sendable {
    /// The instants that become runs, oldest first.
    public var fires: [Timestamp] = []
    /// The instants that do not.
    public var missed: MissedInstants?
    /// The new high-water mark.
    public var mark: Timestamp
    /// When to evaluate the schedule again; nil: never.
    public var next: Timestamp?
}

/// Every instant of a schedule in a span of time, both ends included.
public struct MissedInstants: Equatable, Sendable {
    /// The first of them.
    public let first: Timestamp
    public let through: Timestamp

    public init(first: Timestamp, through: Timestamp) {
        self.first = first
        self.through = through
    }
}
