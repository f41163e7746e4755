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
        let upper = text.uppercased()
        do {
            try self.init(pieces: JavaText(upper.utf16).split(by: " \t"), of: text)
        } catch {
            // The places are those in the upper-case text, which may be a longer one.
            throw upper.utf16.count == text.utf16.count ? error : error.at(nil)
        }
    }

    private init(pieces: [JavaText], of text: String) throws(CronParseError) {
        for (piece, kind) in zip(pieces, CronFieldKind.allCases) {
            do { try readField(piece.trimmed, kind) } catch { throw error.in(kind, piece.trimmed.range) }
        }
        guard pieces.count > CronFieldKind.dayOfWeek.rawValue else {
            throw .unexpectedEnd.at(text.utf16.count..<text.utf16.count)
        }
        if pieces.count <= CronFieldKind.year.rawValue { try fields.insert(from: CronField.everyMark, in: .year) }
        guard DayRule(fields) != nil else { throw .bothDays.at(pieces[CronFieldKind.dayOfWeek.rawValue].range) }
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
            let end: Int
            do {
                end = try CronItemReader(item, of: kind).read(into: &fields)
            } catch { throw error.in(kind, item.range) }
            if end < item.count { ignored.append(item.text(from: end)) }
        }
    }

    /// Quartz skips what follows the seventh field. That is probably a mistake, so it is an error here.
    private func refuseTrailingFields(of text: String) throws(CronParseError) {
        let rest = JavaText(text.utf16).split(by: " \t").dropFirst(CronFieldKind.allCases.count)
        let words = rest.map(\.trimmed).filter { $0.count > 0 }
        guard let first = words.first, let last = words.last else { return }
        throw .trailingText(words.map { $0.text(from: 0) }.joined(separator: " "))
            .at(first.offset..<last.range.upperBound)
    }

    /// Quartz also skips what follows the last value. Where that is no part of the language (`0 0 12 * * ?;`), or
    /// follows a `?`, we are stricter too.
    private func refuseTrailingSigns(of pieces: [JavaText]) throws(CronParseError) {
        guard let piece = pieces.prefix(CronFieldKind.allCases.count).last?.trimmed else { return }
        let last = piece.text(from: 0)
        guard let rest = ignored.last, last.hasSuffix(rest) else { return }
        let mayContinue = rest.unicodeScalars.first.map(Self.isPartOfTheLanguage) ?? true
        if last.dropLast(rest.count).hasSuffix("?") || !mayContinue {
            throw .trailingText(rest).at(piece.range.suffix(rest.utf16.count))
        }
    }

    private static func isPartOfTheLanguage(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "0"..."9", "*", "/", "-", "?", "#": true
        default: false
        }
    }
}

extension CronParseError {
    /// Keeps the place if there is one already, which is narrower.
    fileprivate func `in`(_ kind: CronFieldKind, _ range: Range<Int>) -> Self {
        var error = at(self.range ?? range)
        error.field = kind
        return error
    }

    fileprivate func at(_ range: Range<Int>?) -> Self {
        var error = self
        error.range = range
        return error
    }
}
