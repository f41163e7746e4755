// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Which days an expression means: what its two day fields say together, as Quartz weighs them.
enum DayRule: Hashable, Sendable {
    /// `1,15`. An empty field means no day.
    case daysOfMonth(CronField)
    /// `L`, `L-3`: so many days before the last of the month.
    case lastDay(minus: Int)
    /// `LW`, `L-3W`: the weekday nearest to that day.
    case weekdayNearestToLastDay(minus: Int)
    /// `15W`. Quartz heeds the lowest day only of `1W,15W`, and of `15W,20` too.
    case weekdayNearest(to: Int)
    /// `MON-FRI`, Sunday is 1.
    case daysOfWeek(CronField)
    /// `6L`. Of several days the lowest counts.
    case last(dayOfWeek: Int)
    /// `6#3`. Of several days the lowest counts; `#` takes days beyond 7, which never come.
    case nth(Int, dayOfWeek: Int)

    /// Nil where both fields name days, or neither does.
    init?(_ fields: CronFields) {
        switch (fields[.dayOfMonth].isUnspecified, fields[.dayOfWeek].isUnspecified) {
        case (false, true): self = Self.ofMonth(fields)
        case (true, false): self = Self.ofWeek(fields)
        default: return nil
        }
    }

    private static func ofMonth(_ fields: CronFields) -> DayRule {
        if fields.lastDayOfMonth {
            return fields.nearestWeekday
                ? .weekdayNearestToLastDay(minus: fields.lastDayOffset) : .lastDay(minus: fields.lastDayOffset)
        }
        if fields.nearestWeekday, let day = fields[.dayOfMonth].first { return .weekdayNearest(to: day) }
        return .daysOfMonth(fields[.dayOfMonth])
    }

    private static func ofWeek(_ fields: CronFields) -> DayRule {
        if let day = fields[.dayOfWeek].first {
            if fields.lastDayOfWeek { return .last(dayOfWeek: day) }
            if fields.nthDayOfWeek != 0 { return .nth(fields.nthDayOfWeek, dayOfWeek: day) }
        }
        return .daysOfWeek(fields[.dayOfWeek])
    }
}

extension DayRule {
    /// Whether the rule names no day at all.
    var isEmpty: Bool {
        switch self {
        case .daysOfMonth(let days), .daysOfWeek(let days): days.isEmpty
        default: false
        }
    }
}
