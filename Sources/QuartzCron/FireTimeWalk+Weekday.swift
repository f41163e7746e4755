// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// `W`: the weekday nearest to a day, in the same month.
extension FireTimeWalk {
    /// - Parameters:
    ///   - day: of the clock's month, or beyond its ends: `L-30W` asks for day -2 of a February, `31W` for April 31st.
    ///   - fallback: the day of the next month to go on from where this month's is over.
    mutating func align(toWeekdayNearest day: Int, orNextMonth fallback: Int) -> Step {
        let today = clock.day
        var fireTime = clock
        fireTime.setMidnight(month: clock.month, day: day)
        let weekday = Self.weekday(
            nearestTo: day, dayOfWeek: fireTime.dayOfWeek, lastDayOfMonth: clock.lastDayOfMonth)
        fireTime.day = weekday
        fireTime.month = clock.month
        (fireTime.hour, fireTime.minute, fireTime.second) = (clock.hour, clock.minute, clock.second)
        if fireTime.instant < earliest { return moveToDay(fallback, monthsAhead: 1) }
        return weekday == today ? .fits : moveToDay(weekday)
    }

    private static func weekday(nearestTo day: Int, dayOfWeek: Int, lastDayOfMonth: Int) -> Int {
        let (sunday, saturday) = (1, 7)
        return switch dayOfWeek {
        case saturday: day == 1 ? day + 2 : day - 1
        case sunday: day == lastDayOfMonth ? day - 2 : day + 1
        default: day
        }
    }
}
