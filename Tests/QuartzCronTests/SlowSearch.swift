// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// A slow and plain finder of fire times, which shares nothing with the module: it looks at one day after the other
/// and at each time of a day that fits, and asks Foundation what clocks showed.
///
/// Quartz's rules for clocks that change: a time that does not exist is left out; one that comes twice fires the second
/// time only, and a search that begins in the first of two equal hours begins in the second.
struct SlowSearch {
    /// Seconds, minutes and hours in ascending order.
    let seconds: [Int]
    let minutes: [Int]
    let hours: [Int]
    let isDay: (CalendarDay) -> Bool

    /// In seconds since the epoch; nil where there is none up to the end of the calendar.
    func fireTime(after second: Int, in zone: TimeZone) -> Int? {
        let wall = second + 1 + Self.offset(zone, second + 1)
        guard let earliest = Self.instant(wall, zone) else { return nil }
        let start = wall / 86_400 - CalendarDay.all[0].number - 1
        for day in CalendarDay.all[start...] where isDay(day) {
            for hour in hours {
                let wallHour = day.number * 86_400 + hour * 3600
                // No zone of the tests changes by more than an hour.
                if wallHour + 3600 + 7200 < wall { continue }
                for minute in minutes {
                    for wallSecond in seconds {
                        let time = Self.instant(wallHour + minute * 60 + wallSecond, zone)
                        if let time, time >= earliest { return time }
                    }
                }
            }
        }
        return nil
    }

    /// When clocks show `wall`: the later instant of two, nil where there is none.
    static func instant(_ wall: Int, _ zone: TimeZone) -> Int? {
        let offsets = Set([offset(zone, wall - 86_400), offset(zone, wall + 86_400)])
        return offsets.map { wall - $0 }.filter { offset(zone, $0) == wall - $0 }.max()
    }

    static func offset(_ zone: TimeZone, _ second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
    }
}

/// A day, counted on from one that is known.
struct CalendarDay {
    var year = 2019
    var month = 12
    var day = 1
    /// 1 is Sunday, which 2019-12-01 was.
    var dayOfWeek = 1
    /// Days since 1970-01-01.
    var number = 18_231

    var lastDay: Int {
        if month == 2 { return year % 4 == 0 ? 29 : 28 }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    var isWeekday: Bool { 2...6 ~= dayOfWeek }

    /// The weekday of this month that is nearest to a day of it.
    func weekday(nearestTo day: Int) -> Int? {
        let first = (dayOfWeek - self.day % 7 + 7) % 7
        return (1...lastDay).filter { 2...6 ~= ($0 + first - 1) % 7 + 1 }.min { abs($0 - day) < abs($1 - day) }
    }

    /// From 2019-12-01 to 2047-12-31.
    static let all: [CalendarDay] = {
        var days = [CalendarDay()]
        while let last = days.last, last.year < 2048 {
            var next = last
            (next.day, next.number, next.dayOfWeek) = (last.day + 1, last.number + 1, last.dayOfWeek % 7 + 1)
            if last.day == last.lastDay { (next.day, next.month) = (1, last.month + 1) }
            if next.month == 13 { (next.month, next.year) = (1, last.year + 1) }
            days.append(next)
        }
        return days.dropLast()
    }()
}
