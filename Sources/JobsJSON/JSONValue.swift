// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A JSON document as it was received: members keep their order, integers stay exact.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without fraction that fits 64 bits; `1.0` and `1e3` count as integers, as Java's parsers take them.
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// The type's name as the real service spells it in error messages.
    public var typeName: String {
        switch self {
        case .null: "NULL"
        case .bool: "BOOLEAN"
        case .integer, .number: "NUMBER"
        case .string: "STRING"
        case .array: "ARRAY"
        case .object: "OBJECT"
        }
    }
}

/// The members of a JSON object, in the order in which they were written; names are unique.
public struct JSONObject: Sendable, Equatable {
    public private(set) var keys: [String] = []
    private var values: [String: JSONValue] = [:]

    public init() {}

    public subscript(key: String) -> JSONValue? { values[key] }

    public var isEmpty: Bool { keys.isEmpty }

    /// Adds a member; false, and nothing changed, when the name is taken.
    public mutating func add(_ key: String, _ value: JSONValue) -> Bool {
        guard values[key] == nil else { return false }
        keys.append(key)
        values[key] = value
        return true
    }

    /// Adds a member, or gives the one of this name another value.
    public mutating func set(_ key: String, _ value: JSONValue) {
        if values.updateValue(value, forKey: key) == nil { keys.append(key) }
    }

    public mutating func remove(_ key: String) {
        if values.removeValue(forKey: key) != nil { keys.removeAll { $0 == key } }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// A name that is given twice has its last value.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        for (key, value) in members { set(key, value) }
    }
}
