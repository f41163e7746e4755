// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The search for one fire time, as Quartz 2.3.2 does it: the clock is moved on to the next fitting second, minute,
/// hour, day, month and year, in this order; whenever a field from the minute on has moved, all begins anew.
///
/// What becomes of times that are skipped or repeated when clocks change is nowhere decided here. It follows from the
/// order of setting and reading the clock, which therefore is Quartz's.
struct FireTimeWalk {
    let expression: CronExpression
    /// The earliest second that may be the answer.
    let earliest: Int
    var clock: LenientClock
    /// Days to which the clock was moved without getting ahead; see `moveToDay`.
    var returns: [Int] = []

    enum Step { case fits, moved, exhausted }

    /// - Parameter earliest: in seconds since 1970-01-01T00:00:00Z.
    init(_ expression: CronExpression, notBefore earliest: Int, in offsets: ZoneOffsets) {
        self.expression = expression
        self.earliest = earliest
        clock = LenientClock(second: earliest, in: offsets)
    }

    /// The fire time in seconds since 1970-01-01T00:00:00Z.
    mutating func fireTime() -> Int? {
        while clock.year <= CronExpression.latestYear {
            switch step() {
            case .fits: return clock.instant
            case .moved: continue
            case .exhausted: return nil
            }
        }
        return nil
    }

    private mutating func step() -> Step {
        alignSecond()
        if alignMinute() == .moved || alignHour() == .moved || alignDay() == .moved { return .moved }
        if alignMonth() == .moved { return .moved }
        return alignYear()
    }

    private mutating func alignSecond() {
        if let second = expression.seconds.first(from: clock.second) {
            clock.second = second
        } else {
            clock.minute += 1
            clock.second = expression.seconds.first ?? 0
        }
    }

    private mutating func alignMinute() -> Step {
        let (minute, hour) = (clock.minute, clock.hour)
        let next = expression.minutes.first(from: minute)
        if next == minute { return .fits }
        clock.second = 0
        clock.minute = next ?? expression.minutes.first ?? 0
        setHour(next == nil ? hour + 1 : hour)
        return .moved
    }

    private mutating func alignHour() -> Step {
        let (hour, day) = (clock.hour, clock.day)
        let next = expression.hours.first(from: hour)
        if next == hour { return .fits }
        (clock.second, clock.minute) = (0, 0)
        if next == nil { clock.day = day + 1 }
        setHour(next ?? expression.hours.first ?? 0)
        return .moved
    }

    /// An hour that clocks skip becomes the one behind it.
    private mutating func setHour(_ hour: Int) {
        clock.hour = hour
        if clock.hour != hour, hour != 24 { clock.hour = hour + 1 }
    }

    private mutating func alignMonth() -> Step {
        let (month, year) = (clock.month, clock.year)
        let next = expression.months.first(from: month)
        if next == month { return .fits }
        clock.setMidnight(
            year: next == nil ? year + 1 : year, month: next ?? expression.months.first ?? 1, day: 1)
        return .moved
    }

    private mutating func alignYear() -> Step {
        let year = clock.year
        guard let next = expression.years.first(from: year) else { return .exhausted }
        if next == year { return .fits }
        clock.setMidnight(year: next, month: 1, day: 1)
        return .moved
    }
}
