// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What `lamplighter cron` prints of an expression: the description and the next fire times.
public struct CronReport: Hashable, Sendable {
    /// Without line ends.
    public let lines: [String]

    /// - Parameters:
    ///   - milliseconds: since 1970-01-01T00:00:00Z; all fire times are later.
    ///   - count: how many fire times are wanted.
    public init(_ expression: CronExpression, in zone: JavaTimeZone, after milliseconds: Int64, count: Int) {
        let entries = FireTimePreview(expression, in: zone, after: milliseconds, count: count).entries
        var lines = ["\(CronDescription(expression, in: zone))."]
        if !expression.ignoredText.isEmpty {
            let texts = English.list(expression.ignoredText.map { "'\($0)'" })
            lines.append("Quartz skips \(texts) in this expression; it is probably a mistake.")
        }
        if !entries.isEmpty { lines.append("") }
        for entry in entries {
            lines.append("  \(entry.utc)  \(entry.local)")
            if let note = entry.note { lines.append("    \(note)") }
        }
        if entries.count < count {
            lines.append("")
            let last = entries.last?.utc ?? InstantText.utc(milliseconds)
            lines.append("It does not fire after \(last).")
        }
        self.lines = lines
    }
}
