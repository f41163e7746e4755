// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import QuartzCron
import Testing

/// A schedule and what it does around a change of the clocks.
struct ChangeRow: CustomTestStringConvertible, Sendable {
    let expression: String
    let zone: String
    let after: String
    let times: [String]

    init(_ expression: String, _ zone: String, after: String, _ times: String...) {
        (self.expression, self.zone, self.after, self.times) = (expression, zone, after, times)
    }

    var testDescription: String { "\(expression) in \(zone)" }
}

@Suite("E7: fire times where clocks change, as Quartz has them")
struct DaylightSavingTests {
    @Test(
        "clocks go forward: a time that does not exist is left out",
        arguments: [
            ChangeRow(
                "0 30 2 * * ?", "America/Los_Angeles", after: "2026-03-07T00:00:00Z",
                "2026-03-07T02:30:00-08:00", "2026-03-09T02:30:00-07:00"),
            ChangeRow(
                "0 30 2,3 * * ?", "America/Los_Angeles", after: "2026-03-08T00:00:00Z",
                "2026-03-08T03:30:00-07:00", "2026-03-09T02:30:00-07:00"),
            ChangeRow(
                "0 0/20 * * * ?", "America/Los_Angeles", after: "2026-03-08T09:30:00Z",
                "2026-03-08T01:40:00-08:00", "2026-03-08T03:00:00-07:00", "2026-03-08T03:20:00-07:00"),
            ChangeRow(
                "0 0 0 * * ?", "America/Sao_Paulo", after: "2018-11-03T00:00:00Z",
                "2018-11-03T00:00:00-03:00", "2018-11-05T00:00:00-02:00"),
            ChangeRow(
                "0 0/10 * * * ?", "Australia/Lord_Howe", after: "2026-10-03T15:15:00Z",
                "2026-10-04T01:50:00+10:30", "2026-10-04T02:30:00+11:00"),
        ])
    func forward(_ row: ChangeRow) throws { try check(row) }

    @Test(
        "clocks go back: of a time that comes twice the second fires",
        arguments: [
            ChangeRow(
                "0 30 1 * * ?", "America/Los_Angeles", after: "2026-10-31T12:00:00Z",
                "2026-11-01T01:30:00-08:00", "2026-11-02T01:30:00-08:00"),
            ChangeRow(
                "0 0/20 * * * ?", "America/Los_Angeles", after: "2026-11-01T07:30:00Z",
                "2026-11-01T00:40:00-07:00", "2026-11-01T01:00:00-08:00", "2026-11-01T01:20:00-08:00",
                "2026-11-01T01:40:00-08:00", "2026-11-01T02:00:00-08:00"),
            ChangeRow(
                "0 30 2 * * ?", "Europe/Berlin", after: "2026-10-24T12:00:00Z",
                "2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00"),
            ChangeRow(
                "0 45 1 * * ?", "Australia/Lord_Howe", after: "2026-04-03T20:00:00Z",
                "2026-04-05T01:45:00+10:30", "2026-04-06T01:45:00+10:30"),
        ])
    func back(_ row: ChangeRow) throws { try check(row) }

    @Test("a search that begins in the first of two equal hours goes on in the second")
    func beginsInFirstHour() throws {
        try check(
            ChangeRow(
                "0 0/20 * * * ?", "America/Los_Angeles", after: "2026-11-01T08:30:00Z",
                "2026-11-01T01:40:00-08:00", "2026-11-01T02:00:00-08:00"))
    }

    @Test("a day that a zone left out (Apia, 2011-12-30)")
    func skippedDay() throws {
        try check(
            ChangeRow(
                "0 0 12 * * ?", "Pacific/Apia", after: "2011-12-29T12:00:00Z",
                "2011-12-29T12:00:00-10:00", "2011-12-31T12:00:00+14:00"))
    }

    private func check(_ row: ChangeRow) throws {
        #expect(try localFireTimes(row.expression, row.zone, after: row.after, row.times.count) == row.times)
    }
}
