// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

extension ZoneOffsets {
    /// The table of a region of the IANA database, from 1900 until no expression fires any more.
    convenience init?(region id: String) {
        guard let zone = TimeZone(identifier: id), id != "Factory" else { return nil }
        let first = zone.secondsFromGMT(for: Self.date(Self.earliest))
        var changes: [Change] = []
        var (second, offset) = (Self.earliest, first)
        while let date = zone.nextDaylightSavingTimeTransition(after: Self.date(second)) {
            let start = Int(date.timeIntervalSince1970.rounded(.up))
            guard start > second, start < Self.latest else { break }
            second = start
            let after = zone.secondsFromGMT(for: Self.date(start))
            // Daylight saving that begins as the standard time changes: the clocks go on as they were.
            if after == offset { continue }
            changes.append(Change(start: start, before: offset, after: after))
            offset = after
        }
        self.init(first: first, changes: Self.asInJava(changes, of: id))
    }

    private static func date(_ second: Int) -> Date { Date(timeIntervalSince1970: TimeInterval(second)) }

    /// 1900-01-01, when Java's tables begin.
    private static let earliest = -2_208_988_800
    /// 2128-01-01.
    private static let latest = CivilDay.number(year: CronExpression.latestYear + 2, month: 1, day: 1) * 86_400
}
