// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import QuartzCron

/// A day and time of day in UTC, in the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable {
    public let year: Int
    public let month: Int
    public let day: Int
    public let hour: Int
    public let minute: Int
    public let second: Int

    public init(_ time: Timestamp) {
        let seconds = CivilDay.floorDivide(Int(time.milliseconds), 1000)
        let number = CivilDay.floorDivide(seconds, 86400)
        let civilDay = CivilDay(number: number)
        (year, month, day) = (civilDay.year, civilDay.month, civilDay.day)
        let secondOfDay = seconds - number * 86400
        (hour, minute, second) = (secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    }

    /// `yyyy-MM-dd`.
    public var iso8601: String { "\(Self.padded(year, 4))-\(Self.padded(month))-\(Self.padded(day))" }

    /// `HH:mm:ss`.
    var timeOfDay: String { "\(Self.padded(hour)):\(Self.padded(minute)):\(Self.padded(second))" }

    static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
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
