// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Reads an expression as Quartz 2.3.2 does, with its leniency: what stands behind a complete value is skipped
/// (`MOND`, `MON-FRI/2`), an empty item of a list is none, a field of nothing but commas holds no value.
struct CronParser {
    private(set) var fields = CronFields()
    /// What was skipped, in the order of the text.
    private(set) var ignored: [String] = []

    /// - Throws: Quartz's complaint, or `trailingText`.
    init(_ text: String) throws(CronParseError) {
        let pieces = JavaText(text.uppercased().utf16).split(by: " \t")
        for (piece, kind) in zip(pieces, CronFieldKind.allCases) {
            do { try readField(piece.trimmed, kind) } catch { throw error.in(kind) }
        }
        guard pieces.count > CronFieldKind.dayOfWeek.rawValue else { throw .unexpectedEnd }
        if pieces.count <= CronFieldKind.year.rawValue { try fields.insert(from: CronField.everyMark, in: .year) }
        guard DayRule(fields) != nil else { throw .bothDays }
        try refuseTrailingFields(of: text)
        try refuseTrailingSigns(of: pieces)
    }

    private mutating func readField(_ field: JavaText, _ kind: CronFieldKind) throws(CronParseError) {
        if field.contains("L"), field.count > 1, field.contains(",") {
            if kind == .dayOfMonth { throw .lastAmongDaysOfMonth }
            if kind == .dayOfWeek { throw .lastAmongDaysOfWeek }
        }
        if kind == .dayOfWeek, field.occurrences(of: "#") > 1 { throw .manyNthDays }
        for item in field.split(by: ",") {
            let end = try CronItemReader(item, of: kind).read(into: &fields)
            if end < item.count { ignored.append(item.text(from: end)) }
        }
    }

    /// Quartz skips what follows the seventh field. That is a slip of the pen, so here we are stricter.
    private func refuseTrailingFields(of text: String) throws(CronParseError) {
        let rest = JavaText(text.utf16).split(by: " \t").dropFirst(CronFieldKind.allCases.count)
        let words = rest.map { $0.trimmed.text(from: 0) }.filter { !$0.isEmpty }
        if !words.isEmpty { throw .trailingText(words.joined(separator: " ")) }
    }

    /// Quartz also skips what follows the last value. Where that is no part of the language (`0 0 12 * * ?;`), or
    /// follows a `?`, we are stricter too.
    private func refuseTrailingSigns(of pieces: [JavaText]) throws(CronParseError) {
        guard let last = pieces.prefix(CronFieldKind.allCases.count).last?.trimmed.text(from: 0),
            let rest = ignored.last, last.hasSuffix(rest)
        else { return }
        let mayContinue = rest.unicodeScalars.first.map(Self.isPartOfTheLanguage) ?? true
        if last.dropLast(rest.count).hasSuffix("?") || !mayContinue { throw .trailingText(rest) }
    }

    private static func isPartOfTheLanguage(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "0"..."9", "*", "/", "-", "?", "#": true
        default: false
        }
    }
}

extension CronParseError {
    fileprivate func `in`(_ kind: CronFieldKind) -> Self {
        var error = self
        error.field = kind
        return error
    }
}
