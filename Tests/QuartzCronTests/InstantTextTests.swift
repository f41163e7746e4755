// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsTesting
import QuartzCron
import Testing

@Suite("instants as text")
struct InstantTextTests {
    @Test(
        "what is read",
        arguments: [
            ("0", 0), ("-1", -1), ("1767225600123", 1_767_225_600_123), ("1970-01-01T00:00:00Z", 0),
            ("2026-01-01T00:00:00Z", 1_767_225_600_000), ("2026-01-01T00:00Z", 1_767_225_600_000),
            ("2026-01-01T01:00:00+01:00", 1_767_225_600_000), ("2025-12-31T16:00:00-0800", 1_767_225_600_000),
            ("2026-01-01T02:00+02", 1_767_225_600_000),
            ("2026-01-01T00:00:00.5Z", 1_767_225_600_500), ("2026-01-01T00:00:00.123999Z", 1_767_225_600_123),
            ("2024-02-29T12:00:00Z", 1_709_208_000_000), ("1969-12-31T23:59:59Z", -1000),
        ])
    func read(_ text: String, _ milliseconds: Int64) {
        #expect(InstantText.milliseconds(text) == milliseconds)
    }

    @Test(
        "what is refused: no offset, no such date or time, or something else",
        arguments: [
            "", "now", "2026-01-01", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z", "2025-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
            "2026-01-01T00:60:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00Zx",
            "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60", "2026-01-01T00:00:00+1", "1.5",
            "9223372036854775808", "2026-01-01T00:00:00z",
        ])
    func refused(_ text: String) { #expect(InstantText.milliseconds(text) == nil) }

    @Test("what is written is read again, in any zone")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 11)
        let zones = try ["UTC", "America/St_Johns", "Australia/Lord_Howe", "GMT-11:30"].map(JavaTimeZone.init)
        for _ in 0..<2000 {
            let instant = Int64.random(in: -2_000_000_000...4_900_000_000, using: &generator) * 1000
            #expect(InstantText.milliseconds(InstantText.utc(instant)) == instant)
            for zone in zones where instant > 0 {
                #expect(InstantText.milliseconds(InstantText.local(instant, in: zone)) == instant)
            }
        }
    }
}
