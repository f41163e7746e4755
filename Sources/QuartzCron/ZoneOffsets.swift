// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How far a zone's clocks are ahead of UTC, and since when. Immutable, so that all who ask for a zone share one table.
final class ZoneOffsets: Sendable {
    /// A change of the offset. Times are in seconds, offsets in seconds east of UTC.
    struct Change: Hashable, Sendable {
        /// The first instant with the new offset, since 1970-01-01T00:00:00Z.
        let start: Int
        let before: Int
        let after: Int
    }

    let changes: [Change]
    /// The offset before the first change.
    let first: Int
    private let starts: [Int]
    /// What clocks show right after each change.
    private let wallStarts: [Int]

    init(first: Int, changes: [Change] = []) {
        self.first = first
        self.changes = changes
        starts = changes.map(\.start)
        wallStarts = changes.map { $0.start + $0.after }
    }

    /// The offset at an instant.
    func offset(at second: Int) -> Int { offset(behind: Self.count(in: starts, upTo: second)) }

    /// The offset that turns what clocks show into an instant, as Java's lenient calendar does: what is skipped when
    /// clocks go forward counts with the offset before the change, and so lies behind it; what comes twice when they
    /// go back is the second of the two.
    func offset(atWall second: Int) -> Int { offset(behind: Self.count(in: wallStarts, upTo: second)) }

    /// The stretch around `second` on the clocks in which each time comes exactly once, with its offset; nil within a
    /// day of a change.
    func steadyStretch(aroundWall second: Int) -> (range: Range<Int>, offset: Int)? {
        let index = Self.count(in: wallStarts, upTo: second)
        let from = index == 0 ? Int.min / 2 : wallStarts[index - 1] + 86_400
        let until = index == changes.count ? Int.max / 2 : wallStarts[index] - 86_400
        guard from < until, from..<until ~= second else { return nil }
        return (from..<until, offset(behind: index))
    }

    /// The changes after one instant and up to another.
    func changes(after earlier: Int, through later: Int) -> ArraySlice<Change> {
        let lower = Self.count(in: starts, upTo: earlier)
        return changes[lower..<max(lower, Self.count(in: starts, upTo: later))]
    }

    private func offset(behind index: Int) -> Int { index == 0 ? first : changes[index - 1].after }

    /// How many of the ascending `starts` are not later than `second`.
    private static func count(in starts: [Int], upTo second: Int) -> Int {
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
