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

    let bytes: UnsafeBufferPointer<UInt8>
    let repairs: Bool
    var position = 0

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
        // Windows editors write a byte order mark at the start of a file.
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
    }

    private mutating func document() throws(JSONSyntaxError) -> JSONValue {
        skipSpace()
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault("unexpected text after the end of the document") }
        return value
    }

    func fault(_ reason: String) -> JSONSyntaxError { JSONSyntaxError(reason: reason, offset: position) }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

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
}
