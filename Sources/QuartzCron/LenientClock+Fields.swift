// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension LenientClock {
    struct Fields {
        var year = 1970
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        /// Of the settled date.
        var dayNumber = 0
    }
}

extension LenientClock.Fields {
    init(wallSecond: Int) {
        dayNumber = CivilDay.floorDivide(wallSecond, 86_400)
        let date = CivilDay(number: dayNumber)
        (year, month, day) = (date.year, date.month, date.day)
        let time = wallSecond - dayNumber * 86_400
        (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60)
    }

    /// Normalizes the fields to the wall second that they stand for; usually they are normalized already.
    mutating func settle(at wallSecond: Int, isDateReal: Bool) {
        let isDate =
            isDateReal || (1...12 ~= month && 1...28 ~= day)
            || (1...12 ~= month && 1...CivilDay.lastDay(ofMonth: month, year: year) ~= day)
        if isDate, 0..<24 ~= hour, 0..<60 ~= minute, 0..<60 ~= second {
            if !isDateReal { dayNumber = CivilDay.floorDivide(wallSecond, 86_400) }
        } else {
            self = Self(wallSecond: wallSecond)
        }
    }
}
