// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Testing

@testable import JobsEngine

@Suite("E7: what the log tells of missed instants")
struct MisfireLogTests {
    private func metadata(
        _ expression: String, from first: Int64, through last: Int64, madeUpFor: Int64? = nil, watchingSince: Int64
    ) throws -> [String: String] {
        let misfire = Misfire(
            jobID: JobID(7), schedule: try #require(FireTimeSchedule(expression: expression, timezoneID: "Asia/Tokyo")),
            missed: MissedInstants(first: at(first), through: at(last)), madeUpFor: madeUpFor.map(at))
        return misfire.logMetadata(watchingSince: at(watchingSince)).mapValues { "\($0)" }
    }

    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: seconds * 1000) }

    @Test("which schedule, how many instants from when to when, why, and what was done")
    func told() throws {
        let expected = [
            "job_id": "7", "schedule": "0 * * * * ?", "timezone_id": "Asia/Tokyo", "instants": "5",
            "first": "1970-01-01T00:01:00.000Z", "through": "1970-01-01T00:05:59.000Z",
            "reason": "the server was not running",
            "done": "one run, for the newest instant, 1970-01-01T00:06:00.000Z",
        ]
        #expect(try metadata("0 * * * * ?", from: 60, through: 359, madeUpFor: 360, watchingSince: 370) == expected)
    }

    @Test("a server that was there says so, and millions of instants are not counted")
    func many() throws {
        let told = try metadata("* * * * * ?", from: 60, through: 31_536_000, watchingSince: 10)
        #expect(told["instants"] == "1000 or more")
        #expect(told["done"] == "recorded, and not made up for: too long ago")
        #expect(told["reason"]?.contains("clock was set forward") == true)
    }

    @Test("times are ISO 8601 with milliseconds, also before 1970")
    func times() {
        #expect(Timestamp(milliseconds: 1_710_066_600_123).iso8601 == "2024-03-10T10:30:00.123Z")
        #expect(Timestamp(milliseconds: -1).iso8601 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(milliseconds: -1000).iso8601 == "1969-12-31T23:59:59.000Z")
    }
}
