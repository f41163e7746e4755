// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Items that begin with a number: `5`, `1-5/2`, `0/15`, `6L`, `15W`, `6#3`.
extension CronItemReader {
    func readNumber(into fields: inout CronFields) throws(CronParseError) -> Int {
        let end = text.endOfDigits(from: 0)
        let value = try number(at: 0)
        guard end < text.count else {
            try fields.insert(from: value, in: kind)
            return end
        }
        switch try text.unit(at: end) {
        case CronSign.last: return try readLastDay(of: value, end, into: &fields)
        case CronSign.weekday: return try readNearestWeekday(to: value, end, into: &fields)
        case CronSign.hash:
            guard kind == .dayOfWeek else { throw .misplaced("#", at: end) }
            fields.nthDayOfWeek = try readNth(at: end + 1)
            fields.insert(value, in: kind)
            return text.count
        case CronSign.minus: return try readRange(from: value, end + 1, into: &fields)
        case CronSign.slash: return try readIncrement(from: value, end, into: &fields)
        default:
            try fields.insert(from: value, in: kind)
            return end
        }
    }

    /// `6L`.
    private func readLastDay(
        of day: Int, _ position: Int, into fields: inout CronFields
    ) throws(CronParseError) -> Int {
        guard kind == .dayOfWeek else { throw .misplaced("L", at: position) }
        guard kind.range.contains(day) else { throw .outOfRange(kind) }
        fields.lastDayOfWeek = true
        fields.insert(day, in: kind)
        return position + 1
    }

    /// `15W`.
    private func readNearestWeekday(
        to day: Int, _ position: Int, into fields: inout CronFields
    ) throws(CronParseError) -> Int {
        guard kind == .dayOfMonth else { throw .misplaced("W", at: position) }
        if day > kind.range.upperBound { throw .nearestWeekdayTooLarge }
        fields.nearestWeekday = true
        fields.insert(day, in: kind)
        return position + 1
    }

    /// `1-5` and `1-5/2`; `position` is behind the minus.
    private func readRange(
        from first: Int, _ position: Int, into fields: inout CronFields
    ) throws(CronParseError) -> Int {
        let last = try leadingNumber(at: position)
        let end = text.endOfDigits(from: position + 1)
        guard end < text.count, try text.unit(at: end) == CronSign.slash else {
            try fields.insert(from: first, to: last, every: 1, in: kind)
            return end
        }
        let increment = try leadingNumber(at: end + 1)
        try fields.insert(from: first, to: last, every: increment, in: kind)
        return text.endOfDigits(from: end + 2)
    }

    /// `0/15`; `position` is that of the slash.
    private func readIncrement(
        from first: Int, _ position: Int, into fields: inout CronFields
    ) throws(CronParseError) -> Int {
        guard position + 1 < text.count else { throw .incrementMissing }
        let increment = try leadingNumber(at: position + 1)
        let end = text.endOfDigits(from: position + 2)
        if end < text.count, !text.isDigit(at: position + 2) { throw .afterIncrement(text.text(end..<end + 1)) }
        try checkIncrement(increment)
        try fields.insert(from: first, every: increment, in: kind)
        return end
    }

    /// The digits at `position`, the first of which has to be there and may be of any script.
    private func leadingNumber(at position: Int) throws(CronParseError) -> Int {
        _ = try text.unit(at: position)
        let first = try JavaText.integer(text.text(position..<position + 1))
        let end = text.endOfDigits(from: position + 1)
        return end == position + 1 ? first : try JavaText.integer("\(first)" + text.text(position + 1..<end))
    }

    private func number(at position: Int) throws(CronParseError) -> Int { try leadingNumber(at: position) }
}
