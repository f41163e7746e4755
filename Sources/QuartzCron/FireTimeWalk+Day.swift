// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// The day: the one step that differs from rule to rule.
extension FireTimeWalk {
    mutating func alignDay() -> Step {
        switch expression.days {
        case .daysOfMonth(let days): align(toDaysOfMonth: days)
        case .lastDay(let offset): align(toLastDayMinus: offset)
        case .weekdayNearestToLastDay(let offset):
            align(toWeekdayNearest: clock.lastDayOfMonth - offset, orNextMonth: 1)
        case .weekdayNearest(let day): align(toWeekdayNearest: day, orNextMonth: day)
        case .daysOfWeek(let days): align(toDaysOfWeek: days)
        case .last(let dayOfWeek): align(toLast: dayOfWeek)
        case .nth(let nth, let dayOfWeek): align(toNth: nth, dayOfWeek)
        }
    }

    private mutating func align(toDaysOfMonth days: CronField) -> Step {
        let today = clock.day
        if let next = days.first(from: today), next <= clock.lastDayOfMonth {
            return next == today ? .fits : moveToDay(next)
        }
        return moveToDay(days.first ?? 1, monthsAhead: 1)
    }

    private mutating func align(toLastDayMinus offset: Int) -> Step {
        let (today, day) = (clock.day, clock.lastDayOfMonth - offset)
        if today > day { return moveToDay(1, monthsAhead: 1) }
        return day == today ? .fits : moveToDay(day)
    }

    private mutating func align(toDaysOfWeek days: CronField) -> Step {
        let today = clock.dayOfWeek
        guard let wanted = days.first(from: today) ?? days.first else { return moveToDay(1, monthsAhead: 1) }
        let day = clock.day + daysUntil(wanted)
        if day > clock.lastDayOfMonth { return moveToDay(1, monthsAhead: 1) }
        return day == clock.day ? .fits : moveToDay(day)
    }

    private mutating func align(toLast dayOfWeek: Int) -> Step {
        let (today, last) = (clock.day, clock.lastDayOfMonth)
        var day = today + daysUntil(dayOfWeek)
        if day > last { return moveToDay(1, monthsAhead: 1) }
        day += (last - day) / 7 * 7
        return day == today ? .fits : moveToDay(day)
    }

    private mutating func align(toNth nth: Int, _ dayOfWeek: Int) -> Step {
        let today = clock.day
        let first = today + daysUntil(dayOfWeek)
        let weeks = nth - (first + 6) / 7
        let day = first + weeks * 7
        if weeks < 0 || day > clock.lastDayOfMonth { return moveToDay(1, monthsAhead: 1) }
        return weeks == 0 && first == today ? .fits : moveToDay(day)
    }

    /// From the clock's day; as Quartz counts, also for what is no day of the week.
    private mutating func daysUntil(_ dayOfWeek: Int) -> Int {
        let days = dayOfWeek - clock.dayOfWeek
        return days < 0 ? days + 7 : days
    }

    /// A move to the beginning of a day, of the clock's month or a later one.
    ///
    /// Nearest weekdays may send the clock back, and Quartz then never returns from some searches (`L-30W` in
    /// February, or a midnight that clocks skip on the wanted day). All that follows a move depends on its day alone,
    /// so a second move to the same day without progress goes on with the next month.
    mutating func moveToDay(_ day: Int, monthsAhead: Int = 0) -> Step {
        let (year, month) = (clock.year, clock.month)
        let number = CivilDay.number(year: year, month: month + monthsAhead, day: day)
        if number > clock.dayNumber || !returns.contains(number) {
            if number <= clock.dayNumber { returns.append(number) }
            clock.setMidnight(month: month + monthsAhead, day: day)
        } else {
            clock.setMidnight(month: month + 1, day: 1)
        }
        return .moved
    }
}
