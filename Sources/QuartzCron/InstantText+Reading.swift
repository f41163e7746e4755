// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

extension InstantText {
    /// Reads an instant as people give it on a command line: milliseconds since the epoch (`1767225600000`), or ISO
    /// 8601 with `Z` or an offset (`2026-01-01T00:00:00Z`, `2026-01-01T01:00+01:00`, with or without seconds and their
    /// fraction, of which milliseconds count).
    /// - Returns: milliseconds since 1970-01-01T00:00:00Z; nil where the text is neither, or the date does not exist.
    public static func milliseconds(_ text: String) -> Int64? {
        if let number = Int64(text) { return number }
        var reader = InstantReader(rest: Array(text.utf8)[...])
        return reader.read()
    }

    /// What `milliseconds(_:)` takes, as a part of a sentence.
    public static let allowed =
        "milliseconds since the epoch, or ISO 8601 with Z or an offset, such as 2026-03-08T02:30:00-08:00"
}

/// Reads `YYYY-MM-DDTHH:MM[:SS[.fraction]]` and `Z` or `+HH[[:]MM]`.
private struct InstantReader {
    var rest: ArraySlice<UInt8>

    mutating func read() -> Int64? {
        guard let year = number(4), skip("-"), let month = number(2), skip("-"), let day = number(2), skip("T"),
            1...12 ~= month, 1...CivilDay.lastDay(ofMonth: month, year: year) ~= day,
            let time = timeOfDay(), let offset = offset(), rest.isEmpty
        else { return nil }
        let days = CivilDay.number(year: year, month: month, day: day)
        return Int64(days * 86_400 - offset) * 1000 + time
    }

    /// In milliseconds.
    private mutating func timeOfDay() -> Int64? {
        guard let hour = number(2), skip(":"), let minute = number(2), hour < 24, minute < 60 else { return nil }
        var milliseconds = Int64(hour * 3600 + minute * 60) * 1000
        guard skip(":") else { return milliseconds }
        guard let second = number(2), second < 60 else { return nil }
        milliseconds += Int64(second) * 1000
        guard skip(".") else { return milliseconds }
        let fraction = rest.prefix { Self.digits ~= $0 }
        rest = rest.dropFirst(fraction.count)
        var unit: Int64 = 100
        for digit in fraction.prefix(3) {
            milliseconds += Int64(digit - Self.digits.lowerBound) * unit
            unit /= 10
        }
        return fraction.isEmpty ? nil : milliseconds
    }

    /// In seconds.
    private mutating func offset() -> Int? {
        if skip("Z") { return 0 }
        guard let sign = skip("+") ? 1 : skip("-") ? -1 : nil, let hours = number(2), hours < 24 else { return nil }
        if rest.isEmpty { return sign * hours * 3600 }
        _ = skip(":")
        guard let minutes = number(2), minutes < 60 else { return nil }
        return sign * (hours * 3600 + minutes * 60)
    }

    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func number(_ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ Self.digits ~= $0 }) else { return nil }
        rest = rest.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - Self.digits.lowerBound) }
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
}
