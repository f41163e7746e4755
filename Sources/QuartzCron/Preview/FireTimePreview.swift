// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The next fire times of a schedule, for people: in UTC, on the clocks of the schedule's zone, and with a note where
/// those clocks change.
public struct FireTimePreview: Hashable, Sendable {
    /// One fire time.
    public struct Entry: Hashable, Sendable {
        /// Milliseconds since 1970-01-01T00:00:00Z.
        public let time: Int64
        /// `2024-03-10T10:30:00Z`.
        public let utc: String
        /// `2024-03-10T03:30:00-07:00`.
        public let local: String
        /// What a change of the clocks does to this fire time or to those left out before it; nil where there is none.
        public let note: String?
    }

    /// In order; fewer than asked for where the schedule comes to an end.
    public let entries: [Entry]

    /// - Parameters:
    ///   - milliseconds: since 1970-01-01T00:00:00Z; all fire times are later.
    ///   - count: how many are wanted, at most.
    public init(_ expression: CronExpression, in zone: JavaTimeZone, after milliseconds: Int64, count: Int) {
        var entries: [Entry] = []
        var earlier = milliseconds
        for time in expression.fireTimes(after: milliseconds, in: zone).prefix(max(count, 0)) {
            let changes = ClockChanges(
                expression: expression, zone: zone, earlier: earlier, isListed: !entries.isEmpty, time: time)
            entries.append(
                Entry(
                    time: time, utc: InstantText.utc(time), local: InstantText.local(time, in: zone),
                    note: changes.note))
            earlier = time
        }
        self.entries = entries
    }
}
