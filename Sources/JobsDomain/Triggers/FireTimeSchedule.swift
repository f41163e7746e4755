// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import QuartzCron

/// A parsed `CronSchedule`: the instants at which it fires.
public struct FireTimeSchedule: Hashable, Sendable {
    public let expression: CronExpression
    public let zone: JavaTimeZone

    /// As it was given.
    public var expressionText: String { expression.text }
    public var timezoneID: String { zone.id }

    public init(expression: CronExpression, zone: JavaTimeZone) {
        self.expression = expression
        self.zone = zone
    }

    /// nil when the expression or the zone is not valid, which stored settings never have.
    public init?(_ schedule: CronSchedule) {
        self.init(expression: schedule.quartzCronExpression, timezoneID: schedule.timezoneID)
    }

    public init?(expression: String, timezoneID: String) {
        guard let expression = try? CronExpression(expression), let zone = try? JavaTimeZone(timezoneID) else {
            return nil
        }
        self.init(expression: expression, zone: zone)
    }

    /// The first instant strictly after `time`, a whole second; nil: never again.
    public func nextFireTime(after time: Timestamp) -> Timestamp? {
        expression.nextFireTime(after: time.milliseconds, in: zone).map(Timestamp.init(milliseconds:))
    }

    /// How many instants lie in a span; no more than `limit` are counted, as there may be millions.
    public func count(of span: MissedInstants, limit: Int) -> Int {
        var count = 0
        var next: Timestamp? = span.first
        while count < limit, let instant = next, instant <= span.through {
            count += 1
            next = nextFireTime(after: instant)
        }
        return count
    }
}
