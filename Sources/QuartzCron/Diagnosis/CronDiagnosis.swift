// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What is wrong with an expression, for people: what was given and where, what is allowed, and what was probably
/// meant.
public struct CronDiagnosis: Hashable, Sendable {
    /// One sentence: "'24' is not allowed for the hour".
    public let summary: String
    /// The sentence, the expression with a mark under the fault, what is allowed, and what was probably meant.
    public let lines: [String]

    /// - Parameter text: the expression that `error` came from.
    public init(_ error: CronParseError, in text: String) {
        let given = error.range.map { String(decoding: Array(text.utf16)[$0], as: UTF16.self) }
        summary = Self.summary(error, text, given: given)
        var lines = [summary]
        if let range = error.range { lines += Self.marked(range, in: text) }
        if let field = error.field { lines.append("Allowed for the \(field.name): \(field.allowed)") }
        if error.message != summary { lines.append("In Quartz's words: \(error.message)") }
        if let suggestion = CronSuggestion(text).text { lines.append("Did you mean '\(suggestion)'?") }
        self.lines = lines
    }

    private static func summary(_ error: CronParseError, _ text: String, given: String?) -> String {
        if let field = error.field {
            return given.map { "'\($0)' is not allowed for the \(field.name)" }
                ?? "The \(field.name) cannot be read"
        }
        switch error.message {
        case CronParseError.unexpectedEnd.message:
            let count = text.split { $0 == " " || $0 == "\t" }.count
            return "\(English.count(count, "field")) given; needed are six or seven: \(fieldNames)"
        case CronParseError.bothDays.message:
            return "One of the two day fields has to be '?', and the other not"
        default: return error.message
        }
    }

    private static let fieldNames =
        CronFieldKind.allCases.dropLast().map(\.name).joined(separator: ", ") + " and perhaps year"

    /// The text, and carets under a part of it.
    private static func marked(_ range: Range<Int>, in text: String) -> [String] {
        if text.contains(where: \.isNewline) { return [] }
        let units = Array(text.utf16)
        let before = String(decoding: units[..<range.lowerBound], as: UTF16.self)
        let width = String(decoding: units[range], as: UTF16.self).count
        let indent = String(before.map { $0 == "\t" ? "\t" : " " })
        return ["    \(text)", "    \(indent)\(String(repeating: "^", count: max(width, 1)))"]
    }
}

extension CronFieldKind {
    /// What a field takes, as a part of a sentence.
    var allowed: String {
        let values = "\(range.lowerBound) to \(range.upperBound)"
        let lists = "lists (1,5), ranges (1-5), steps (0/5)"
        return switch self {
        case .second, .minute, .hour, .year: "\(values), \(lists) and *"
        case .dayOfMonth: "\(values), \(lists), *, ?, L, L-3, LW and 15W"
        case .month: "\(values) or JAN to DEC, \(lists) and *"
        case .dayOfWeek: "1 (Sunday) to 7 or SUN to SAT, \(lists), *, ?, L, 6L and 6#3"
        }
    }
}
