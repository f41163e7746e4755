// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A date and a time as clocks show them.
struct WallTime: Hashable, Sendable {
    let day: CivilDay
    let hour: Int
    let minute: Int
    let second: Int

    /// - Parameter wallSecond: what clocks show, counted from 1970-01-01 as if it were UTC.
    init(wallSecond: Int) {
        let number = CivilDay.floorDivide(wallSecond, 86_400)
        let rest = wallSecond - number * 86_400
        day = CivilDay(number: number)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// `2026-03-08`.
    var date: String {
        "\(Self.digits(day.year, 4))-\(Self.digits(day.month))-\(Self.digits(day.day))"
    }

    /// `02:30`, with seconds only where there are some.
    var time: String { Self.time(hour, minute, second) }

    /// `2026-03-08T02:30:00`.
    var text: String { "\(date)T\(Self.digits(hour)):\(Self.digits(minute)):\(Self.digits(second))" }

    static func time(_ hour: Int, _ minute: Int, _ second: Int = 0) -> String {
        "\(digits(hour)):\(digits(minute))" + (second == 0 ? "" : ":\(digits(second))")
    }

    static func digits(_ value: Int, _ count: Int = 2) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
}
