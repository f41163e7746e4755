// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Reads one item of a field's list: `MON-FRI`, `0/15`, `L-3W`, `6#3`, `*`, `?`.
struct CronItemReader {
    let text: JavaText
    let kind: CronFieldKind

    init(_ text: JavaText, of kind: CronFieldKind) {
        (self.text, self.kind) = (text, kind)
    }

    /// Stores what the item says and returns where it ends; what comes behind that is skipped.
    func read(into fields: inout CronFields) throws(CronParseError) -> Int {
        let first = Unicode.Scalar(try text.unit(at: 0)) ?? "\u{FFFD}"
        switch first {
        case "A"..."Z" where !isLastDay: return try readName(into: &fields)
        case "L": return try readLast(into: &fields)
        case "?": return try readUnspecified(into: &fields)
        case "*", "/": return try readEvery(into: &fields)
        case "0"..."9": return try readNumber(into: &fields)
        default: throw .character(text.text(0..<1))
        }
    }

    /// `L`, `LW`, `L-3`, `L-3W`, and `L-` with or without `W`.
    private var isLastDay: Bool {
        let item = text.text(from: 0)
        if item == "L" || item == "LW" { return true }
        guard item.hasPrefix("L-") else { return false }
        return ["", "W"].contains(text.text(from: text.endOfDigits(from: 2)))
    }

    private func readUnspecified(into fields: inout CronFields) throws(CronParseError) -> Int {
        if text.count > 2 { throw .afterUnspecified(text.text(1..<2)) }
        guard kind == .dayOfWeek || kind == .dayOfMonth else { throw .unspecifiedMisplaced }
        if kind == .dayOfWeek, !fields.lastDayOfMonth {
            let days = fields[.dayOfMonth]
            if days.isUnspecified { throw .unspecifiedTwice }
            if days.isEmpty { throw .noElement }
        }
        fields.insert(CronField.unspecifiedMark, in: kind)
        return 1
    }

    /// `*`, `*/5`, `/5`.
    private func readEvery(into fields: inout CronFields) throws(CronParseError) -> Int {
        let isStar = text.text(0..<1) == "*"
        let slash = isStar ? 1 : 0
        if !isStar, text.count == 1 { throw .incrementMissing }
        guard slash < text.count, text.text(slash..<slash + 1) == "/" else {
            try fields.insert(from: CronField.everyMark, in: kind)
            return 1
        }
        guard slash + 1 < text.count else { throw .endOfString }
        let increment = try JavaText.integer(text.text(from: slash + 1))
        try checkIncrement(increment)
        try fields.insert(from: CronField.everyMark, every: increment, in: kind)
        return text.count
    }

    /// `L`: the last day of the month, or Saturday. Elsewhere Quartz lets it through and stores nothing.
    private func readLast(into fields: inout CronFields) throws(CronParseError) -> Int {
        if kind == .dayOfWeek { try fields.insert(from: 7, to: 7, in: kind) }
        guard kind == .dayOfMonth else { return 1 }
        fields.lastDayOfMonth = true
        var end = 1
        if text.count > end, try text.unit(at: end) == CronSign.minus {
            _ = try text.unit(at: 2)
            end = text.endOfDigits(from: 2)
            fields.lastDayOffset = try JavaText.integer("0" + text.text(2..<end))
            if fields.lastDayOffset > 30 { throw .lastDayOffset }
        }
        if text.count > end {
            fields.nearestWeekday = true
            end += 1
        }
        return end
    }

    /// The bounds are those of `/`; the increment of a range (`1-5/99`) is not checked.
    func checkIncrement(_ increment: Int) throws(CronParseError) {
        switch kind {
        case .second, .minute: if increment > 59 { throw .increment(increment, over: 60) }
        case .hour: if increment > 23 { throw .increment(increment, over: 24) }
        case .dayOfMonth: if increment > 31 { throw .increment(increment, over: 31) }
        case .dayOfWeek: if increment > 7 { throw .increment(increment, over: 7) }
        case .month: if increment > 12 { throw .increment(increment, over: 12) }
        case .year: break
        }
    }
}

/// The signs that join the parts of an item.
enum CronSign {
    static let minus = UInt16(UInt8(ascii: "-"))
    static let slash = UInt16(UInt8(ascii: "/"))
    static let hash = UInt16(UInt8(ascii: "#"))
    static let last = UInt16(UInt8(ascii: "L"))
    static let weekday = UInt16(UInt8(ascii: "W"))
}
