// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Why a text is not the JSON we accept.
public struct JSONSyntaxError: Error, Equatable, Sendable, CustomStringConvertible {
    public let reason: String
    /// The byte at which it was noticed, from 0.
    public let offset: Int

    public var description: String { "\(reason) at byte \(offset)" }
}

/// A strict RFC 8259 reader.
///
/// Foundation's decoders lose what the contract needs: the path of a wrong field, exact integers beside booleans,
/// doubled names, a bounded depth, and time (22 times slower, docs/decisions/0002). What it refuses beyond the RFC:
/// doubled member names, NUL characters (SQLite and process arguments end at them) and lone surrogates.
public struct JSONParser {
    /// Deeper documents are refused: no structure of the specification needs more than eight levels.
    public static let maxDepth = 64

    private let bytes: UnsafeBufferPointer<UInt8>
    private let repairs: Bool
    private var position = 0

    /// - Parameter repairing: For files that programs have written, and nobody can write again: a NUL character and a
    ///   lone surrogate in a string are read as U+FFFD, and of a name that is given twice the last value counts.
    public static func parse(_ bytes: [UInt8], repairing: Bool = false) throws(JSONSyntaxError) -> JSONValue {
        let outcome = bytes.withUnsafeBufferPointer { buffer -> Result<JSONValue, JSONSyntaxError> in
            var parser = JSONParser(bytes: buffer, repairs: repairing)
            do throws(JSONSyntaxError) {
                return .success(try parser.document())
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    public static func parse(_ text: String) throws(JSONSyntaxError) -> JSONValue {
        try parse(Array(text.utf8))
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, repairs: Bool) {
        self.bytes = bytes
        self.repairs = repairs
        // A byte order mark is what Windows editors leave in front of a request file.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    private mutating func document() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault("unexpected text after the end of the document") }
        return value
    }

    private func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.maxDepth else { throw fault("nested deeper than \(Self.maxDepth) levels") }
        switch current {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"): return try number()
        case let byte? where Self.isDigit(byte): return try number()
        case nil: throw fault("unexpected end of the document")
        default: throw fault("unexpected character")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONSyntaxError) -> JSONValue {
        for index in 0..<word.utf8CodeUnitCount {
            guard current == word.utf8Start[index] else { throw fault("unexpected character") }
            position += 1
        }
        return value
    }

    private mutating func object(depth: Int) throws(JSONSyntaxError) -> JSONObject {
        var object = JSONObject()
        position += 1
        skipSpace()
        if current == UInt8(ascii: "}") {
            position += 1
            return object
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw fault("a member name in double quotes is expected") }
            let name = try string()
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw fault("':' is expected") }
            position += 1
            skipSpace()
            let value = try value(depth: depth + 1)
            if !object.add(name, value) {
                guard repairs else { throw fault("the member \"\(name.prefix(80))\" is given twice") }
                object.set(name, value)
            }
            skipSpace()
            if try endOfList(UInt8(ascii: "}")) { return object }
        }
    }

    private mutating func array(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        var elements: [JSONValue] = []
        position += 1
        skipSpace()
        if current == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if try endOfList(UInt8(ascii: "]")) { return elements }
        }
    }

    /// After an element: true at the closing bracket, false after a comma.
    private mutating func endOfList(_ closing: UInt8) throws(JSONSyntaxError) -> Bool {
        switch current {
        case closing:
            position += 1
            return true
        case UInt8(ascii: ","):
            position += 1
            skipSpace()
            return false
        case nil: throw fault("unexpected end of the document")
        default: throw fault("',' or '\(Character(Unicode.Scalar(closing)))' is expected")
        }
    }

    private mutating func string() throws(JSONSyntaxError) -> String {
        position += 1
        let start = position
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]))
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw fault("a control character in a string")
            default: position += 1
            }
        }
        throw fault("a string without end")
    }

    private func text(_ utf8: UnsafeBufferPointer<UInt8>) throws(JSONSyntaxError) -> String {
        guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("broken UTF-8") }
        return text
    }

    /// The slow way, from the first backslash on.
    private mutating func escapedString(from start: Int) throws(JSONSyntaxError) -> String {
        var utf8 = Array(bytes[start..<position])
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                let whole = Result<String, JSONSyntaxError> { () throws(JSONSyntaxError) in
                    guard let text = String(validating: utf8, as: UTF8.self) else { throw fault("broken UTF-8") }
                    return text
                }
                position += 1
                return try whole.get()
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &utf8)
            case 0..<0x20: throw fault("a control character in a string")
            default:
                utf8.append(byte)
                position += 1
            }
        }
        throw fault("a string without end")
    }

    private mutating func escape(into utf8: inout [UInt8]) throws(JSONSyntaxError) {
        guard let byte = current else { throw fault("a string without end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): utf8.append(byte)
        case UInt8(ascii: "b"): utf8.append(0x08)
        case UInt8(ascii: "f"): utf8.append(0x0C)
        case UInt8(ascii: "n"): utf8.append(0x0A)
        case UInt8(ascii: "r"): utf8.append(0x0D)
        case UInt8(ascii: "t"): utf8.append(0x09)
        case UInt8(ascii: "u"): utf8.append(contentsOf: Array(String(Character(try scalar())).utf8))
        default: throw fault("an unknown escape")
        }
    }

    private mutating func scalar() throws(JSONSyntaxError) -> Unicode.Scalar {
        let first = try hexadecimal()
        if first == 0 { return try replacement(for: "a NUL character in a string") }
        if let scalar = Unicode.Scalar(first) { return scalar }
        let afterFirst = position
        if (0xD800...0xDBFF).contains(first), current == UInt8(ascii: "\\"), position + 1 < bytes.count,
            bytes[position + 1] == UInt8(ascii: "u")
        {
            position += 2
            let second = try hexadecimal()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            {
                return scalar
            }
            position = afterFirst
        }
        return try replacement(for: "a lone surrogate")
    }

    private func replacement(for reason: String) throws(JSONSyntaxError) -> Unicode.Scalar {
        guard repairs else { throw fault(reason) }
        return "\u{FFFD}"
    }

    private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("four hexadecimal digits are expected")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        let firstDigit = position
        try digits()
        if bytes[firstDigit] == UInt8(ascii: "0"), position - firstDigit > 1 {
            throw fault("a number with a leading zero")
        }
        var isWhole = true
        if current == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try digits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isWhole = false
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        guard position - start <= 400 else { throw fault("a number with too many digits") }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
        if isWhole, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite, number != 0 || Self.isZero(text) else {
            throw fault("a number out of range")
        }
        // Beyond 2^53 a double no longer says which integer was meant.
        if !isWhole, number == number.rounded(), abs(number) <= 9_007_199_254_740_992 { return .integer(Int64(number)) }
        return .number(number)
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let start = position
        while let byte = current, Self.isDigit(byte) { position += 1 }
        guard position > start else { throw fault("a digit is expected") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Whether a number is written as zero, not only too small to be told from it.
    private static func isZero(_ text: String) -> Bool {
        !text.prefix { $0 != "e" && $0 != "E" }.contains { ("1"..."9").contains($0) }
    }
}
