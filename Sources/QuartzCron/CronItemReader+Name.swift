// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Items that begin with a name: `JAN-MAR`, `FRI#2`, `SUNL`.
extension CronItemReader {
    func readName(into fields: inout CronFields) throws(CronParseError) -> Int {
        let name = try text.name(at: 0)
        guard kind == .month || kind == .dayOfWeek else { throw .letters(name) }
        let first = try value(of: name)
        guard text.count > 3 else {
            try fields.insert(from: first, in: kind)
            return 3
        }
        switch try text.unit(at: 3) {
        case CronSign.minus:
            try fields.insert(from: first, to: try value(of: text.name(at: 4)), every: 1, in: kind)
            return 7
        case CronSign.hash where kind == .dayOfWeek:
            fields.nthDayOfWeek = try readNth(at: 4)
            try fields.insert(from: first, in: kind)
            return text.count
        case CronSign.last where kind == .dayOfWeek:
            fields.lastDayOfWeek = true
            try fields.insert(from: first, in: kind)
            return 4
        default:
            try fields.insert(from: first, in: kind)
            return 3
        }
    }

    /// What follows `#`, to the item's end.
    func readNth(at position: Int) throws(CronParseError) -> Int {
        guard let nth = try? JavaText.integer(text.text(from: position)), 1...5 ~= nth else { throw .nth }
        return nth
    }

    private func value(of name: String) throws(CronParseError) -> Int {
        if let index = kind.valueNames.firstIndex(of: name) { return kind.range.lowerBound + index }
        throw kind == .month ? .monthName(name) : .dayName(name)
    }
}
