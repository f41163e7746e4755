// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import QuartzCron
import Testing

@Suite("fire times for people")
struct FireTimePreviewTests {
    private func preview(
        _ expression: String, _ zone: String, after: String, count: Int = 3
    ) throws -> [FireTimePreview.Entry] {
        FireTimePreview(
            try CronExpression(expression), in: try JavaTimeZone(zone), after: try milliseconds(after), count: count
        ).entries
    }

    @Test("time, UTC text and local text are the same instant")
    func texts() throws {
        let entries = try preview("0 30 3 * * ?", "America/Los_Angeles", after: "2024-03-10T00:00:00Z", count: 1)
        #expect(entries.map(\.time) == [try milliseconds("2024-03-10T10:30:00Z")])
        #expect(entries.map(\.utc) == ["2024-03-10T10:30:00Z"])
        #expect(entries.map(\.local) == ["2024-03-10T03:30:00-07:00"])
        #expect(entries.map(\.note) == [nil])
    }

    @Test("as many as asked for, or as there are")
    func count() throws {
        #expect(try preview("0 0 0 * * ?", "UTC", after: "2024-01-01T00:00:00Z", count: 7).count == 7)
        #expect(try preview("0 0 0 * * ?", "UTC", after: "2024-01-01T00:00:00Z", count: 0).isEmpty)
        #expect(try preview("0 0 0 * * ?", "UTC", after: "2024-01-01T00:00:00Z", count: -1).isEmpty)
        #expect(try preview("0 0 0 1 1 ? 2025-2026", "UTC", after: "2024-01-01T00:00:00Z", count: 7).count == 2)
    }

    @Test("clocks go forward: what is left out, and the new offset")
    func forward() throws {
        let daily = try preview("0 30 2 * * ?", "America/Los_Angeles", after: "2024-03-09T00:00:00Z")
        #expect(
            daily.map(\.note) == [
                nil,
                "02:30 does not exist on 2024-03-10 in America/Los_Angeles and is left out; "
                    + "the UTC offset changes from -08:00 to -07:00",
                nil,
            ])
        let frequent = try preview("0 0/20 * * * ?", "America/Los_Angeles", after: "2024-03-10T09:30:00Z")
        #expect(
            frequent.map(\.note) == [
                nil,
                "02:00 to 03:00 does not exist on 2024-03-10 in America/Los_Angeles, and what would fire then is left "
                    + "out; the UTC offset changes from -08:00 to -07:00",
                nil,
            ])
    }

    @Test("what is left out before the first fire time is told, the offset before it is not")
    func beforeTheFirst() throws {
        let entries = try preview("0 30 2 * * ?", "America/Los_Angeles", after: "2024-03-10T00:00:00Z")
        #expect(
            entries.map(\.note) == [
                "02:30 does not exist on 2024-03-10 in America/Los_Angeles and is left out", nil, nil,
            ])
    }

    @Test("a gap of a whole day names both days")
    func skippedDay() throws {
        let entries = try preview("0 0/20 12 * * ?", "Pacific/Apia", after: "2011-12-29T22:30:00Z", count: 2)
        #expect(
            entries.map(\.note) == [
                nil,
                "00:00 to 00:00 of 2011-12-31 does not exist on 2011-12-30 in Pacific/Apia, and what would fire then is "
                    + "left out; the UTC offset changes from -10:00 to +14:00",
            ])
    }

    @Test("clocks go back: which of two equal times fires")
    func back() throws {
        let entries = try preview("0 30 1 * * ?", "America/New_York", after: "2024-11-02T00:00:00Z")
        #expect(
            entries.map(\.note) == [
                nil,
                "01:30 occurs twice on 2024-11-03 in America/New_York: fires once, at the second one; "
                    + "the UTC offset changes from -04:00 to -05:00",
                nil,
            ])
        #expect(entries[1].local == "2024-11-03T01:30:00-05:00")
    }

    @Test("the ends of the repeated hour: 00:59 and 02:00 come once")
    func edges() throws {
        let entries = try preview("0 0,59 * * * ?", "America/New_York", after: "2024-11-03T04:30:00Z", count: 4)
        #expect(entries.map { String($0.local.dropFirst(11).prefix(5)) } == ["00:59", "01:00", "01:59", "02:00"])
        #expect(entries.map { $0.note?.contains("occurs twice") == true } == [false, true, true, false])
    }

    @Test("a schedule that the change does not touch has the new offset alone to tell")
    func untouched() throws {
        let entries = try preview("0 0 9 * * ?", "Europe/Berlin", after: "2026-10-23T12:00:00Z")
        #expect(entries.map(\.note) == [nil, "the UTC offset changes from +02:00 to +01:00", nil])
    }

    @Test("a zone without changes has no notes")
    func steady() throws {
        let entries = try preview("0 30 * * * ?", "GMT+05:30", after: "2026-03-07T00:00:00Z", count: 1000)
        #expect(entries.count == 1000 && entries.allSatisfy { $0.note == nil })
        #expect(entries.first?.local == "2026-03-07T06:30:00+05:30")
    }
}
