// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsTesting
import QuartzCron
import Testing

@Suite("fire times against a slow search that shares no code")
struct SlowSearchTests {
    private static let zones = [
        "UTC", "America/Los_Angeles", "America/New_York", "America/St_Johns", "America/Havana", "America/Sao_Paulo",
        "Europe/Berlin", "Europe/Dublin", "Africa/Casablanca", "Asia/Kolkata", "Australia/Sydney",
        "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Beirut",
    ]
    /// 2020-01-01 and 2030-01-01, in seconds.
    private static let span = 1_577_836_800...1_893_456_000

    @Test("three thousand random schedules: the next fire time, and the one behind it", arguments: 0..<6)
    func random(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<500 {
            let schedule = RandomSchedule(using: &generator)
            let zone = Self.zones.randomElement(using: &generator) ?? "UTC"
            try compare(schedule, zone, after: Int.random(in: Self.span, using: &generator))
        }
    }

    @Test("random daily schedules, from a few hours around a change of the clocks on", arguments: 0..<6)
    func changes(_ seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(1000 + seed))
        for _ in 0..<250 {
            let schedule = RandomSchedule(daily: true, using: &generator)
            let id = Self.zones.randomElement(using: &generator) ?? "UTC"
            let zone = try #require(TimeZone(identifier: id))
            let start = Date(timeIntervalSince1970: TimeInterval(Int.random(in: Self.span, using: &generator)))
            let change = zone.nextDaylightSavingTimeTransition(after: start) ?? start
            let after = Int(change.timeIntervalSince1970) + Int.random(in: -14_400...7200, using: &generator)
            try compare(schedule, id, after: after)
        }
    }

    private func compare(_ schedule: RandomSchedule, _ id: String, after start: Int) throws {
        let expression = try CronExpression(schedule.text)
        let (zone, slowZone) = (try JavaTimeZone(id), try #require(TimeZone(identifier: id)))
        var after = start
        for _ in 0..<2 {
            let expected = schedule.search.fireTime(after: after, in: slowZone)
            let found = expression.nextFireTime(after: Int64(after) * 1000, in: zone).map { Int($0 / 1000) }
            guard let expected else {
                // None until the slow search's calendar ends, on the last day of 2047.
                #expect(found ?? .max >= 2_461_536_000 - 86_400, "\(schedule.text) in \(id) after \(after)")
                return
            }
            #expect(found == expected, "\(schedule.text) in \(id) after \(after)")
            after = expected
        }
    }

    @Test("every instant between two fire times leads to the later one, but for the first of two equal hours")
    func monotone() throws {
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<300 {
            let schedule = RandomSchedule(using: &generator)
            let expression = try CronExpression(schedule.text)
            let id = Self.zones.randomElement(using: &generator) ?? "UTC"
            let (zone, slowZone) = (try JavaTimeZone(id), try #require(TimeZone(identifier: id)))
            var after = Int64(Int.random(in: Self.span, using: &generator)) * 1000
            for time in expression.fireTimes(after: after, in: zone).prefix(4) {
                #expect(time > after && time % 1000 == 0)
                for _ in 0..<5 {
                    let between = Int64.random(in: after..<time, using: &generator)
                    if isFirstOfTwo(between, slowZone) { continue }
                    #expect(
                        expression.nextFireTime(after: between, in: zone) == time,
                        "\(schedule.text) in \(zone) after \(between)")
                }
                after = time
            }
        }
    }

    private func isFirstOfTwo(_ milliseconds: Int64, _ zone: TimeZone) -> Bool {
        let next = Int(milliseconds / 1000) + 1
        return SlowSearch.instant(next + SlowSearch.offset(zone, next), zone) != next
    }
}
