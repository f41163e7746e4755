// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import QuartzCron
import Testing

/// A schedule and the days on which it fires next.
struct DayRow: CustomTestStringConvertible, Sendable {
    let expression: String
    let days: [String]
    var after = "2026-01-01T00:00:00Z"

    init(_ expression: String, _ days: String..., after: String = "2026-01-01T00:00:00Z") {
        (self.expression, self.days, self.after) = (expression, days, after)
    }

    var testDescription: String { expression }
}

@Suite("the days that an expression means")
struct DayTests {
    @Test(
        "every kind of day",
        arguments: [
            DayRow("0 0 0 29 2 ?", "2028-02-29", "2032-02-29"),
            DayRow("0 0 0 29 2 ? 2097-2105", "2104-02-29"),
            DayRow("0 0 0 30 2 ?"),
            DayRow("0 0 0 31 * ?", "2026-01-31", "2026-03-31", "2026-05-31", "2026-07-31", "2026-08-31"),
            DayRow("0 0 0 L * ?", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"),
            DayRow("0 0 0 L 2 ?", "2026-02-28", "2027-02-28", "2028-02-29"),
            DayRow("0 0 0 L-3 * ?", "2026-01-28", "2026-02-25", "2026-03-28", "2026-04-27"),
            DayRow("0 0 0 L-30 * ?", "2026-03-01", "2026-05-01", after: "2026-01-02T00:00:00Z"),
            DayRow("0 0 0 LW * ?", "2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30", "2026-05-29"),
            DayRow("0 0 0 15W * ?", "2026-01-15", "2026-02-16", "2026-03-16", "2026-04-15", "2026-05-15"),
            DayRow("0 0 0 1W * ?", "2026-02-02", "2026-03-02", "2026-04-01", "2026-05-01", "2026-06-01"),
            DayRow("0 0 0 1W 8 ?", "2026-08-03", "2027-08-02", "2028-08-01"),
            DayRow("0 0 0 L-1W * ?", "2026-01-30", "2026-02-27", "2026-03-30", "2026-04-29"),
            DayRow("0 0 0 L-30W * ?", "2026-03-02", "2026-05-01", "2026-06-01", after: "2026-01-02T00:00:00Z"),
            DayRow("0 0 0 31W * ?", "2026-01-30", "2026-03-31", "2026-05-29", after: "2026-01-02T00:00:00Z"),
            DayRow("0 0 0 ? * 6L", "2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24"),
            DayRow("0 0 0 ? * 6#3", "2026-01-16", "2026-02-20", "2026-03-20", "2026-04-17"),
            DayRow("0 0 0 ? * MON#5", "2026-03-30", "2026-06-29", "2026-08-31", "2026-11-30"),
            DayRow("0 0 0 ? * L", "2026-01-03", "2026-01-10", "2026-01-17"),
            DayRow("0 0 0 ? * FRI-MON", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05", "2026-01-09"),
            DayRow("0 0 0 ? NOV-FEB SUN#1", "2026-01-04", "2026-02-01", "2026-11-01", "2026-12-06", "2027-01-03"),
            DayRow("0 0 0 30-2 * ?", "2026-01-02", "2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02"),
            DayRow("0 0 0 1 1 ? 2027/5", "2027-01-01", "2032-01-01", "2037-01-01"),
            DayRow("0 0 0 1 1 ? 2024,2027,2030", "2027-01-01", "2030-01-01"),
            DayRow("0 0 0 1 1 ? 2024-2025"),
            DayRow("0 0 0 1 1 ? 2125/1", "2125-01-01", "2126-01-01"),
        ])
    func days(_ row: DayRow) throws {
        let found = try localFireTimes(row.expression, "UTC", after: row.after, max(row.days.count, 1))
        #expect(found == row.days.map { $0 + "T00:00:00Z" })
    }

    @Test("hours and minutes that go round midnight and the full hour")
    func wrapAround() throws {
        let nights = try localFireTimes("0 0 22-1 * * ?", "UTC", after: "2026-01-01T12:00:00Z", 5)
        #expect(
            nights == [
                "2026-01-01T22:00:00Z", "2026-01-01T23:00:00Z", "2026-01-02T00:00:00Z", "2026-01-02T01:00:00Z",
                "2026-01-02T22:00:00Z",
            ])
        let minutes = try localFireTimes("0 58-1 * * * ?", "UTC", after: "2026-01-01T12:01:00Z", 3)
        #expect(minutes == ["2026-01-01T12:58:00Z", "2026-01-01T12:59:00Z", "2026-01-01T13:00:00Z"])
    }

    @Test("a field that holds no value never fires", arguments: [",", "L"])
    func emptyField(_ seconds: String) throws {
        #expect(try localFireTimes("\(seconds) 0 12 * * ?", "UTC", after: "2026-01-01T00:00:00Z", 1) == [])
    }

    @Test("a fire time is a whole second, later than the instant before it", arguments: [0, 1, 500, 999])
    func milliseconds(_ milliseconds: Int64) throws {
        let everySecond = try CronExpression("* * * * * ?")
        for second: Int64 in [0, 5, 1_767_225_600] {
            #expect(everySecond.nextFireTime(after: second * 1000 + milliseconds, in: .utc) == second * 1000 + 1000)
        }
    }

    @Test("instants far out of any calendar do no harm", arguments: [Int64.min, Int64.max])
    func extremes(_ milliseconds: Int64) throws {
        let next = try CronExpression("0 0 0 1 1 ?").nextFireTime(after: milliseconds, in: JavaTimeZone("Asia/Tokyo"))
        #expect(next == (milliseconds < 0 ? -32_400_000 : nil))
    }
}
