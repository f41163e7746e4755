// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What is to be said of the clocks between one fire time and the next.
struct ClockChanges {
    let expression: CronExpression
    let zone: JavaTimeZone
    /// The fire time before `time`, or the instant from which fire times are listed. In milliseconds, like `time`.
    let earlier: Int64
    /// Whether `earlier` is a fire time.
    let isListed: Bool
    let time: Int64

    /// Nil where there is nothing to say.
    var note: String? {
        let parts = skippedTimes + [repeatedTime, changedOffset].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// Times of the schedule that do not exist. Quartz leaves them out, and fires no later for it.
    private var skippedTimes: [String] {
        let (from, through) = (InstantText.second(earlier), InstantText.second(time))
        return zone.offsets.changes(after: from, through: through).compactMap { change in
            guard change.before < change.after else { return nil }
            return leftOut(inGap: change.start + change.before..<change.start + change.after)
        }
    }

    /// What to say of the schedule's times that a gap swallows; nil where there are none.
    private func leftOut(inGap gap: Range<Int>) -> String? {
        // What clocks show is searched as if it were UTC, where nothing is skipped.
        var times = expression.fireTimes(after: Int64(gap.lowerBound - 1) * 1000, in: .utc)
        guard let first = times.next().map(InstantText.second), gap.contains(first) else { return nil }
        let (start, end) = (WallTime(wallSecond: gap.lowerBound), WallTime(wallSecond: gap.upperBound))
        let place = "on \(start.date) in \(zone.id)"
        if let second = times.next().map(InstantText.second), gap.contains(second) {
            let endText = end.day == start.day ? end.time : "\(end.time) of \(end.date)"
            return "\(start.time) to \(endText) does not exist \(place), and what would fire then is left out"
        }
        return "\(WallTime(wallSecond: first).time) does not exist \(place) and is left out"
    }

    /// Of a time that comes twice Quartz fires the second.
    private var repeatedTime: String? {
        let second = InstantText.second(time)
        let wall = second + zone.offsets.offset(at: second)
        guard let change = zone.offsets.changes(after: second - 86_400, through: second).last,
            change.after < change.before, wall < change.start + change.before
        else { return nil }
        let shown = WallTime(wallSecond: wall)
        return "\(shown.time) occurs twice on \(shown.date) in \(zone.id): fires once, at the second one"
    }

    private var changedOffset: String? {
        let (before, after) = (zone.offset(at: earlier), zone.offset(at: time))
        guard isListed, before != after else { return nil }
        return "the UTC offset changes from \(InstantText.offset(before)) to \(InstantText.offset(after))"
    }
}
