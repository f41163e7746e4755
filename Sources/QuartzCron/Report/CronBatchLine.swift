// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A line of `lamplighter cron --batch`: `EXPRESSION | ZONE | AFTER`, to which the next fire times are added.
public struct CronBatchLine: Hashable, Sendable {
    /// What is wrong with a line.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// `EXPRESSION | ZONE | AFTER | T1 T2 T3 T4 T5`, instants as `2026-03-08T10:00:00Z` and `-` for each fire time that
    /// there is not; of comments (`# ...`) and empty lines, the line itself.
    public let output: String

    /// - Parameters:
    ///   - line: without its end. A fourth column is taken for an earlier answer and replaced.
    ///   - count: how many fire times are added.
    /// - Throws: the first fault of the line.
    public init(_ line: String, count: Int = 5) throws(Fault) {
        let columns = line.split(separator: "|", omittingEmptySubsequences: false).map(Self.trimmed)
        if columns[0].hasPrefix("#") || columns == [""] {
            output = line
            return
        }
        guard 3...4 ~= columns.count else {
            throw Fault(
                description: "\(English.count(columns.count, "column")) given; allowed: EXPRESSION | ZONE | AFTER")
        }
        let expression = try Self.expression(columns[0])
        let zone = try Self.zone(columns[1])
        guard let after = InstantText.milliseconds(columns[2]) else {
            throw Fault(description: "AFTER '\(columns[2])' is no instant; allowed: \(InstantText.allowed)")
        }
        var times = expression.fireTimes(after: after, in: zone)
        let texts = (0..<max(count, 0)).map { _ in times.next().map(InstantText.utc) ?? "-" }
        output = (columns.prefix(3) + [texts.joined(separator: " ")]).joined(separator: " | ")
    }

    private static func expression(_ text: String) throws(Fault) -> CronExpression {
        do { return try CronExpression(text) } catch {
            throw Fault(description: "\(CronDiagnosis(error, in: text).summary) (\(error.message))")
        }
    }

    private static func zone(_ id: String) throws(Fault) -> JavaTimeZone {
        do { return try JavaTimeZone(id) } catch { throw Fault(description: error.message) }
    }

    /// Without white space at either end.
    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
