// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import QuartzCron
import Testing

@Suite("Java's time zones")
struct JavaTimeZoneTests {
    /// 2026-01-15.
    private let winter: Int64 = 1_768_435_200_000
    /// 2026-07-15.
    private let summer: Int64 = 1_784_073_600_000

    @Test(
        "ids and their offsets in winter and in summer, in minutes",
        arguments: [
            ("UTC", 0, 0), ("GMT", 0, 0), ("Zulu", 0, 0), ("Etc/UTC", 0, 0), ("Etc/GMT+5", -300, -300),
            ("America/Los_Angeles", -480, -420), ("US/Pacific", -480, -420), ("Europe/Berlin", 60, 120),
            ("Asia/Kolkata", 330, 330), ("Australia/Lord_Howe", 660, 630),
            ("America/Argentina/Buenos_Aires", -180, -180),
            ("GMT+8", 480, 480), ("GMT+08:00", 480, 480), ("GMT-3:30", -210, -210), ("GMT+0530", 330, 330),
            ("GMT+23:59", 1439, 1439), ("PST", -480, -420), ("EST", -300, -300), ("IST", 330, 330), ("BST", 360, 360),
            ("CST", -360, -300), ("EST5EDT", -300, -240), ("CET", 60, 120), ("Europe/Dublin", 0, 60),
        ])
    func known(_ id: String, _ winterOffset: Int, _ summerOffset: Int) throws {
        let zone = try JavaTimeZone(id)
        #expect(zone.offset(at: winter) == winterOffset * 60)
        #expect(zone.offset(at: summer) == summerOffset * 60)
        #expect(zone.description == id)
    }

    @Test(
        "what Java would take for GMT is refused, with the id that was probably meant",
        arguments: [
            ("UTC+8", "GMT+8"), ("utc+08:00", "GMT+08:00"), ("GMT +2", "GMT+2"), ("Z", "UTC"),
            ("America/los_angeles", "America/Los_Angeles"), ("america/new york", "America/New_York"),
            ("Berlin", "Europe/Berlin"), ("utc", "UTC"),
        ])
    func suggestion(_ id: String, _ meant: String) {
        #expect(throws: JavaTimeZoneError.self) { try JavaTimeZone(id) }
        do { _ = try JavaTimeZone(id) } catch {
            #expect(error.message == "Unknown time zone '\(id)'; did you mean '\(meant)'?")
        }
    }

    @Test(
        "and so is everything else",
        arguments: [
            "", " ", "Mars/Olympus", "GMT+24", "GMT+8:60", "GMT+8:0", "GMT+", "GMT+00130", "PDT", "CEST", "+08:00",
            "Factory", "America/", "/", "../etc/localtime", "Europe/Berlin ", "UTC\u{0}",
        ])
    func unknown(_ id: String) {
        #expect(throws: JavaTimeZoneError.self) { try JavaTimeZone(id) }
    }

    @Test("offsets of every region agree with the database until 2036")
    func database() throws {
        for id in TimeZone.knownTimeZoneIdentifiers where id.contains("/") {
            let (zone, database) = (try JavaTimeZone(id), try #require(TimeZone(identifier: id)))
            // Every 37th day and an hour, so that all hours of the day are met.
            for second in stride(from: 946_684_800, to: 2_082_758_400, by: 37 * 86_400 + 3600) {
                let expected = database.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(second)))
                #expect(zone.offset(at: Int64(second) * 1000) == expected, "\(id) at \(second)")
            }
        }
    }
}
