// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A text as Java sees it, in UTF-16 units: positions, bounds and numbers are Java's, and so are the exceptions, which
/// Quartz hands to its users.
struct JavaText {
    private let units: [UInt16]
    /// Where the text begins in the one that it was taken from.
    let offset: Int

    init(_ units: some Sequence<UInt16>, offset: Int = 0) {
        self.units = Array(units)
        self.offset = offset
    }

    /// Where the text lies in the one that it was taken from.
    var range: Range<Int> { offset..<offset + count }

    var count: Int { units.count }

    /// `charAt`.
    func unit(at position: Int) throws(CronParseError) -> UInt16 {
        guard position < units.count else {
            throw .outOfBounds(
                isLatin1 ? "String index out of range: \(position)" : "index \(position), length \(units.count)")
        }
        return units[position]
    }

    /// `substring`, of three units, which is what Quartz takes for a name.
    func name(at position: Int) throws(CronParseError) -> String {
        guard position + 3 <= units.count else {
            throw .outOfBounds("begin \(position), end \(position + 3), length \(units.count)")
        }
        return text(position..<position + 3)
    }

    func text(from position: Int) -> String { text(min(position, units.count)..<units.count) }

    func text(_ range: Range<Int>) -> String { String(decoding: units[range], as: UTF16.self) }

    func isDigit(at position: Int) -> Bool {
        position < units.count && Self.digits.contains(units[position])
    }

    func contains(_ character: Unicode.Scalar) -> Bool { units.contains(UInt16(character.value)) }

    func occurrences(of character: Unicode.Scalar) -> Int { units.count { $0 == UInt16(character.value) } }

    /// Where the digits end that begin at `position`.
    func endOfDigits(from position: Int) -> Int {
        units[position...].firstIndex { !Self.digits.contains($0) } ?? units.count
    }

    /// `StringTokenizer`: the pieces between the delimiters, none of them empty.
    func split(by delimiters: String) -> [JavaText] {
        units.split { delimiters.utf16.contains($0) }.map { JavaText($0, offset: offset + $0.startIndex) }
    }

    /// `trim`: without spaces and control characters at either end.
    var trimmed: JavaText {
        guard let first = units.firstIndex(where: { $0 > 0x20 }), let last = units.lastIndex(where: { $0 > 0x20 })
        else { return JavaText([]) }
        return JavaText(units[first...last], offset: offset + first)
    }

    private var isLatin1: Bool { units.allSatisfy { $0 < 0x100 } }

    private static let digits: ClosedRange<UInt16> = 0x30...0x39
}

extension JavaText {
    /// `Integer.parseInt`: a sign, then decimal digits of any script, no more than 32 bits of them.
    static func integer(_ text: String) throws(CronParseError) -> Int {
        var digits = text.unicodeScalars[...]
        let sign = digits.first == "-" ? -1 : 1
        if digits.first == "-" || digits.first == "+" { digits.removeFirst() }
        guard !digits.isEmpty else { throw .noNumber(text) }
        var value = 0
        for scalar in digits {
            guard scalar.properties.numericType == .decimal, let digit = scalar.properties.numericValue
            else { throw .noNumber(text) }
            value = value * 10 + sign * Int(digit)
            guard Int32(exactly: value) != nil else { throw .noNumber(text) }
        }
        return value
    }
}
