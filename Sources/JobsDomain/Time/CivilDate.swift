// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A day and time of day in UTC, in the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int

    public init(_ time: Timestamp) {
        let seconds = Self.floorDivide(Int(time.milliseconds), 1000)
        let days = Self.floorDivide(seconds, 86400)
        let secondOfDay = seconds - days * 86400
        (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
        // Days counted from 0000-03-01, so that the leap day is the last of its year; eras of 400 years.
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `yyyy-MM-dd`.
    public var iso8601: String { "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))" }

    /// `HH:mm:ss`.
    var timeOfDay: String { "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))" }

    static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func floorDivide(_ value: Int, _ by: Int) -> Int {
        value >= 0 ? value / by : (value - by + 1) / by
    }
}

extension ClusterID {
    /// The id of the cluster that is made for a run: creation time and run, in the form the real service uses
    /// (`1124-031445-run0000452`), so that the same run always gets the same id.
    public init(madeFor run: RunID, at time: Timestamp) {
        let date = CivilDate(time)
        let day = CivilDate.padded(date.month) + CivilDate.padded(date.day)
        let clock = CivilDate.padded(date.hour) + CivilDate.padded(date.minute) + CivilDate.padded(date.second)
        self.init("\(day)-\(clock)-run\(CivilDate.padded(Int(run.rawValue), 7))")
    }
}
