// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Instants as ISO 8601 has them. Instants are in milliseconds since 1970-01-01T00:00:00Z; texts are of whole seconds.
public enum InstantText {
    /// `2024-03-10T10:30:00Z`.
    public static func utc(_ milliseconds: Int64) -> String {
        WallTime(wallSecond: second(milliseconds)).text + "Z"
    }

    /// What clocks of a zone show, and how far they are ahead of UTC: `2024-03-10T03:30:00-07:00`.
    public static func local(_ milliseconds: Int64, in zone: JavaTimeZone) -> String {
        let offset = zone.offset(at: milliseconds)
        return WallTime(wallSecond: second(milliseconds) + offset).text + self.offset(offset)
    }

    /// `-07:00`, with seconds where an offset of old has some.
    static func offset(_ seconds: Int) -> String {
        let distance = abs(seconds)
        return (seconds < 0 ? "-" : "+") + WallTime.time(distance / 3600, distance / 60 % 60, distance % 60)
    }

    static func second(_ milliseconds: Int64) -> Int { CivilDay.floorDivide(Int(milliseconds), 1000) }
}
