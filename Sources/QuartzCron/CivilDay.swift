// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A day of the proleptic Gregorian calendar, and its number counted from 1970-01-01.
package struct CivilDay: Hashable, Sendable {
    package let year: Int
    package let month: Int
    package let day: Int

    /// Days are counted from 0000-03-01 in eras of 400 years, so that the leap day is the last of its year.
    package init(number: Int) {
        let shifted = number + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The number of a day whose month and day may lie outside of their ranges: month 13 is the next January, day 0
    /// the last of the month before.
    static func number(year: Int, month: Int, day: Int) -> Int {
        let years = 1...12 ~= month ? 0 : floorDivide(month - 1, 12)
        let month = month - years * 12
        let shiftedYear = year + years - (month <= 2 ? 1 : 0)
        let era = floorDivide(shiftedYear, 400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear + day - 1 - 719_468
    }

    /// 1 is Sunday, 7 Saturday.
    static func dayOfWeek(number: Int) -> Int {
        let sinceThursday = number - floorDivide(number, 7) * 7
        return (sinceThursday + 4) % 7 + 1
    }

    static func lastDay(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Rounds towards the past, also before 1970.
    package static func floorDivide(_ value: Int, _ by: Int) -> Int {
        value >= 0 ? value / by : (value - by + 1) / by
    }
}
