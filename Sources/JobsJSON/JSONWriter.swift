// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Appends JSON text to a buffer; commas are its business, balance is the caller's.
///
/// Hand-written because Foundation's encoder is 22 times slower (docs/decisions/0002) and runs/get is a hot path.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(reserving capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The text that `body` writes.
    public static func text(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter()
        body(&writer)
        return writer.text
    }

    public mutating func object(_ members: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        needsComma = false
        members(&self)
        bytes.append(UInt8(ascii: "}"))
        needsComma = true
    }

    public mutating func array(_ elements: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "["))
        needsComma = false
        elements(&self)
        bytes.append(UInt8(ascii: "]"))
        needsComma = true
    }

    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    public mutating func value(_ string: String) {
        separate()
        quote(string)
        needsComma = true
    }

    public mutating func value(_ integer: some BinaryInteger) {
        separate()
        bytes.append(contentsOf: String(integer).utf8)
        needsComma = true
    }

    public mutating func value(_ bool: Bool) {
        raw(bool ? "true" : "false")
    }

    /// Text that is JSON already, such as a fragment that the store kept.
    public mutating func raw(_ fragment: String) {
        separate()
        bytes.append(contentsOf: fragment.utf8)
        needsComma = true
    }

    public mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let bool): self.value(bool)
        case .integer(let integer): self.value(integer)
        case .number(let number): raw("\(number)")
        case .string(let string): self.value(string)
        case .array(let elements): array { writer in for element in elements { writer.value(element) } }
        case .object(let object):
            self.object { writer in for key in object.keys { writer.member(key, object[key] ?? .null) } }
        }
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func quote(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: "\\u00".utf8)
                if digits.utf8.count == 1 { bytes.append(UInt8(ascii: "0")) }
                bytes.append(contentsOf: digits.utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

// Members: a nil is left out, as the specification's answers do.
extension JSONWriter {
    public mutating func member(_ name: String, _ string: String?) {
        guard let string else { return }
        key(name)
        value(string)
    }

    public mutating func member(_ name: String, _ integer: (some BinaryInteger)?) {
        guard let integer else { return }
        key(name)
        value(integer)
    }

    public mutating func member(_ name: String, _ bool: Bool?) {
        guard let bool else { return }
        key(name)
        value(bool)
    }

    public mutating func member(_ name: String, _ strings: [String]?) {
        guard let strings else { return }
        key(name)
        array { writer in for string in strings { writer.value(string) } }
    }

    public mutating func member(_ name: String, _ map: [String: String]?) {
        guard let map else { return }
        key(name)
        // Sorted, so that the same settings are the same text.
        object { writer in for (key, value) in map.sorted(by: { $0.key < $1.key }) { writer.member(key, value) } }
    }

    public mutating func member(_ name: String, _ value: JSONValue?) {
        guard let value else { return }
        key(name)
        self.value(value)
    }

    public mutating func member(_ name: String, raw fragment: String?) {
        guard let fragment else { return }
        key(name)
        raw(fragment)
    }

    public mutating func member(_ name: String, _ structure: (some JSONStructure)?) {
        guard let structure else { return }
        key(name)
        object(structure.write)
    }

    public mutating func member(_ name: String, _ structures: [some JSONStructure]?) {
        guard let structures else { return }
        key(name)
        array { writer in for structure in structures { writer.object(structure.write) } }
    }
}
