// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A line of `lamplighter cron --batch`: `EXPRESSION | ZONE | AFTER`, to which the next fire times are added.
public struct CronBatchLine: Hashable, Sendable {
    /// What a line asks for.
    public struct Query: Hashable, Sendable {
        /// Which times.
        public let expression: CronExpression
        /// In which time zone.
        public let zone: JavaTimeZone
        /// Milliseconds since 1970-01-01T00:00:00Z.
        public let after: Int64
    }

    /// What is wrong with a line.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// What was given and what is allowed, in one line.
        public let description: String

        init(description: String) { self.description = description }

        /// The faulty line, with what is wrong with it as its last column: `ERROR: ...`. So the answers have as many lines
        /// as the questions, and none of the other columns ever begins like that.
        public func output(_ line: String) -> String {
            // A bar would begin another column.
            let text = description.split(separator: "|").map(CronBatchLine.trimmed).joined(separator: ", ")
            return (CronBatchLine.columns(line) + [CronBatchLine.errorMark + text]).joined(separator: " | ")
        }
    }

    /// `EXPRESSION | ZONE | AFTER | T1 T2 T3 T4 T5`, instants as `2026-03-08T10:00:00Z` and `-` for each fire time that
    /// there is not; of comments (`# ...`) and empty lines, the line itself.
    public let output: String
    /// Nil for comments and empty lines.
    public let query: Query?

    /// - Parameters:
    ///   - line: without its end. A fourth column, or a last one that tells an error, is an earlier answer and replaced.
    ///   - count: how many fire times are added.
    /// - Throws: the first fault of the line.
    public init(_ line: String, count: Int = 5) throws(Fault) {
        let columns = Self.columns(line)
        if columns[0].hasPrefix("#") || columns == [""] {
            (output, query) = (line, nil)
            return
        }
        guard 3...4 ~= columns.count else {
            throw Fault(
                description: "\(English.count(columns.count, "column")) given; allowed: EXPRESSION | ZONE | AFTER")
        }
        let query = Query(
            expression: try Self.expression(columns[0]), zone: try Self.zone(columns[1]),
            after: try Self.instant(columns[2]))
        var times = query.expression.fireTimes(after: query.after, in: query.zone)
        let texts = (0..<max(count, 0)).map { _ in times.next().map(InstantText.utc) ?? "-" }
        output = (columns.prefix(3) + [texts.joined(separator: " ")]).joined(separator: " | ")
        self.query = query
    }

    private static let errorMark = "ERROR: "

    /// Without the error of an earlier answer.
    private static func columns(_ line: String) -> [String] {
        let columns = line.split(separator: "|", omittingEmptySubsequences: false).map(trimmed)
        return columns.count > 1 && columns.last?.hasPrefix(errorMark) == true ? columns.dropLast() : columns
    }

    private static func expression(_ text: String) throws(Fault) -> CronExpression {
        do { return try CronExpression(text) } catch {
            let summary = CronDiagnosis(error, in: text).summary
            throw Fault(description: summary == error.message ? summary : "\(summary) (\(error.message))")
        }
    }

    private static func zone(_ id: String) throws(Fault) -> JavaTimeZone {
        do { return try JavaTimeZone(id) } catch { throw Fault(description: error.message) }
    }

    private static func instant(_ text: String) throws(Fault) -> Int64 {
        guard let instant = InstantText.milliseconds(text) else {
            throw Fault(description: "AFTER '\(text)' is no instant; allowed: \(InstantText.allowed)")
        }
        return instant
    }

    /// Without white space at either end.
    private static func trimmed(_ text: Substring) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
