// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Reads the members of one JSON object by name, leniently as the contract's A1 has it: integers also as decimal
/// strings, booleans also as `"true"`/`"True"`, null as absent. A wrong type is a fault that names the path.
public final class ObjectReader {
    public let path: String
    public let report: ReadingReport
    private let object: JSONObject
    private var known: Set<String> = []
    private var ignored: Set<String> = []
    /// Set when recording which members a structure reads, instead of reading a document.
    private let recorder: SchemaRecorder?

    public init(_ object: JSONObject, path: String = "", report: ReadingReport) {
        self.object = object
        self.path = path
        self.report = report
        recorder = nil
    }

    /// A reader of an empty object, which reports every requested member to `recorder`.
    init(recordingTo recorder: SchemaRecorder) {
        object = JSONObject()
        path = ""
        report = ReadingReport()
        self.recorder = recorder
    }

    /// The path of a member, as messages name it: `new_cluster.autoscale.max_workers`.
    public func path(of name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    /// True when the member is there and not null.
    public func has(_ name: String) -> Bool { raw(name) != nil }

    /// Makes these members unknown, even if they are read later.
    public func ignore(_ names: Set<String>) { ignored.formUnion(names) }

    public func raw(_ name: String) -> JSONValue? {
        if ignored.contains(name) { return nil }
        known.insert(name)
        guard let value = object[name], value != .null else { return nil }
        return value
    }

    public func string(_ name: String) -> String? {
        recorder?.note(name, .string)
        guard let value = raw(name) else { return nil }
        switch value {
        case .string(let string): return string
        default: return mismatch("STRING", name, value)
        }
    }

    /// A text whose value error messages never contain.
    public func secretString(_ name: String) -> String? {
        recorder?.note(name, .string)
        guard let value = raw(name) else { return nil }
        if case .string(let string) = value { return string }
        report.malformed(
            "Could not parse request object: Expected STRING for field \(path(of: name)), found \(value.typeName)")
        return nil
    }

    /// An empty text counts as missing: it is "" only when that was reported, or the type is wrong.
    public func requiredString(_ name: String) -> String {
        let value = string(name)
        if !has(name) || value?.isEmpty == true { missing(name) }
        return value ?? ""
    }

    public func int64(_ name: String) -> Int64? {
        recorder?.note(name, .int64)
        guard let value = raw(name) else { return nil }
        switch value {
        case .integer(let integer): return integer
        case .string(let text):
            if let integer = Self.decimal(text) { return integer }
            return mismatch("INT64", name, value)
        default: return mismatch("INT64", name, value)
        }
    }

    public func requiredInt64(_ name: String) -> Int64 {
        let value = int64(name)
        if !has(name) { missing(name) }
        return value ?? 0
    }

    public func int32(_ name: String) -> Int32? {
        recorder?.note(name, .int32)
        guard let value = raw(name) else { return nil }
        switch value {
        case .integer(let integer):
            if let small = Int32(exactly: integer) { return small }
            return mismatch("INT32", name, value)
        case .string(let text):
            if let integer = Self.decimal(text), let small = Int32(exactly: integer) { return small }
            return mismatch("INT32", name, value)
        default: return mismatch("INT32", name, value)
        }
    }

    public func bool(_ name: String) -> Bool? {
        recorder?.note(name, .bool)
        guard let value = raw(name) else { return nil }
        switch value {
        case .bool(let bool): return bool
        case .string("true"), .string("True"): return true
        case .string("false"), .string("False"): return false
        default: return mismatch("BOOLEAN", name, value)
        }
    }

    /// Elements that are numbers or booleans are taken as their text: clients that build parameters from typed values
    /// send them so, and a process gets text anyway.
    public func strings(_ name: String) -> [String]? {
        recorder?.note(name, .strings)
        guard let value = raw(name) else { return nil }
        guard let elements = elements(of: value, name) else { return nil }
        return elements.enumerated().compactMap { index, element in
            scalarText(element) ?? mismatch("STRING", "\(name)[\(index)]", element)
        }
    }

    public func stringMap(_ name: String) -> [String: String]? {
        recorder?.note(name, .stringMap)
        guard let value = raw(name) else { return nil }
        guard case .object(let members) = value else { return mismatch("OBJECT", name, value) }
        var map: [String: String] = [:]
        for key in members.keys {
            let element = members[key] ?? .null
            guard let text = scalarText(element) else {
                let _: String? = mismatch("STRING", "\(name).\(key)", element)
                continue
            }
            map[key] = text
        }
        return map
    }

    public func structure<S: JSONStructure>(_ name: String, as type: S.Type = S.self) -> S? {
        recorder?.note(name, .structure(type))
        return object(name).map { reader in
            let structure = S(reading: reader)
            reader.noteUnknownFields()
            return structure
        }
    }

    public func structures<S: JSONStructure>(_ name: String, as type: S.Type = S.self) -> [S]? {
        recorder?.note(name, .structures(type))
        guard let value = raw(name) else { return nil }
        guard let elements = elements(of: value, name) else { return nil }
        return elements.enumerated().compactMap { index, element in
            guard case .object(let object) = element else { return mismatch("OBJECT", "\(name)[\(index)]", element) }
            let reader = ObjectReader(object, path: path(of: "\(name)[\(index)]"), report: report)
            let structure = S(reading: reader)
            reader.noteUnknownFields()
            return structure
        }
    }

    private func elements(of value: JSONValue, _ name: String) -> [JSONValue]? {
        guard case .array(let elements) = value else { return mismatch("ARRAY", name, value) }
        if elements.count <= report.maxElements { return elements }
        tooMany(elements.count, path(of: name))
        return nil
    }

    private func tooMany(_ count: Int, _ path: String) {
        report.invalid("Invalid value for \(path): \(count) elements. Allowed: at most \(report.maxElements).")
    }

    /// The member as it is, to be read later as a structure of the type.
    public func rawObject<S: JSONStructure>(_ name: String, like type: S.Type) -> JSONObject? {
        recorder?.note(name, .structure(type))
        guard let value = raw(name) else { return nil }
        guard case .object(let object) = value else { return mismatch("OBJECT", name, value) }
        return object
    }

    /// A reader of the member's own members.
    public func object(_ name: String) -> ObjectReader? {
        guard let value = raw(name) else { return nil }
        guard case .object(let object) = value else { return mismatch("OBJECT", name, value) }
        return ObjectReader(object, path: path(of: name), report: report)
    }

    /// To be called when all known members have been read.
    public func noteUnknownFields() {
        for key in object.keys where !known.contains(key) {
            report.unknown(path(of: key))
            if let value = object[key] { checkSize(of: value, path(of: key)) }
        }
    }

    /// Unknown members are stored, so their sizes count as well.
    private func checkSize(of value: JSONValue, _ path: String) {
        switch value {
        case .array(let elements):
            if elements.count > report.maxElements { return tooMany(elements.count, path) }
            for element in elements { checkSize(of: element, path) }
        case .object(let object):
            for key in object.keys { object[key].map { checkSize(of: $0, "\(path).\(key)") } }
        default: break
        }
    }

    public func missing(_ name: String) {
        recorder?.noteRequired(name)
        report.invalid("Missing required field: \(path(of: name))")
    }

    public func invalid(_ name: String, given: String, allowed: String) {
        report.invalid("Invalid value for \(path(of: name)): \(given.prefix(200)). Allowed: \(allowed).")
    }

    private func mismatch<T>(_ expected: String, _ name: String, _ value: JSONValue) -> T? {
        report.malformed(
            "Could not parse request object: Expected \(expected) for field \(path(of: name)), "
                + "found \(Self.shown(value))")
        return nil
    }

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): "STRING \"\(text.prefix(80))\""
        case .integer(let integer): "NUMBER \(integer)"
        case .number(let number): "NUMBER \(number)"
        case .bool(let bool): "BOOLEAN \(bool)"
        default: value.typeName
        }
    }

    private func scalarText(_ value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let integer): String(integer)
        case .number(let number): "\(number)"
        case .bool(let bool): bool ? "true" : "false"
        case .null, .array, .object: nil
        }
    }

    private static func decimal(_ text: String) -> Int64? {
        guard let first = text.utf8.first, text.utf8.count <= 20,
            first == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
        else { return nil }
        return Int64(text)
    }
}
