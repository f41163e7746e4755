// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// A Jupyter file (nbformat 4) with all that it holds: what this type has no name for stays in `other`, so that writing
/// what was read loses nothing.
public struct JupyterNotebook: Equatable, Sendable {
    public var cells: [JupyterCell]
    public var metadata: JSONObject
    public var minorVersion: Int64
    /// Members beside `cells`, `metadata` and the two version numbers.
    public var other: JSONObject

    public init(cells: [JupyterCell], metadata: JSONObject, minorVersion: Int64 = 5, other: JSONObject = JSONObject()) {
        self.cells = cells
        self.metadata = metadata
        self.minorVersion = minorVersion
        self.other = other
    }

    /// - Throws: `NotebookFormatError`.
    public init(reading file: [UInt8]) throws(NotebookFormatError) {
        let document: JSONValue
        do { document = try JSONParser.parse(file, repairing: true) } catch {
            throw NotebookFormatError("it is not JSON: \(error)")
        }
        guard case .object(var members) = document else { throw NotebookFormatError("it is not a JSON object") }
        guard case .integer(4)? = members["nbformat"] else {
            throw NotebookFormatError("its nbformat is not 4; nbconvert can bring it up to date")
        }
        guard case .array(let cells)? = members["cells"] else { throw NotebookFormatError("it has no list of cells") }
        var read: [JupyterCell] = []
        for (index, cell) in cells.enumerated() { read.append(try JupyterCell(cell, number: index + 1)) }
        self.cells = read
        metadata = if case .object(let metadata)? = members["metadata"] { metadata } else { JSONObject() }
        minorVersion = if case .integer(let minor)? = members["nbformat_minor"] { minor } else { 0 }
        for name in ["cells", "metadata", "nbformat", "nbformat_minor"] { members.remove(name) }
        other = members
    }

    /// In the order and with the line end that Jupyter gives such files.
    public func write() -> [UInt8] {
        var writer = JSONWriter(reserving: 64 * 1024)
        writer.object { writer in
            writer.key("cells")
            writer.array { writer in for cell in cells { writer.value(cell.json) } }
            writer.member("metadata", .object(metadata))
            writer.member("nbformat", 4)
            writer.member("nbformat_minor", minorVersion)
            for name in other.keys { writer.member(name, other[name]) }
        }
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

/// A cell of a Jupyter file.
public struct JupyterCell: Equatable, Sendable {
    public enum Kind: String, Sendable {
        case code
        case markdown
        case raw
    }

    public var kind: Kind
    public var source: String
    /// Every other member, as it was: `id`, `metadata`, `outputs`, `execution_count`, `attachments` ...
    public var other: JSONObject

    public init(kind: Kind, source: String, other: JSONObject) {
        self.kind = kind
        self.source = source
        self.other = other
    }

    fileprivate init(_ value: JSONValue, number: Int) throws(NotebookFormatError) {
        guard case .object(var members) = value else { throw NotebookFormatError("cell \(number) is not an object") }
        guard case .string(let type)? = members["cell_type"], let kind = Kind(rawValue: type) else {
            throw NotebookFormatError("the cell_type of cell \(number) is not code, markdown or raw")
        }
        guard let source = Self.text(members["source"]) else {
            throw NotebookFormatError("the source of cell \(number) is neither a text nor a list of texts")
        }
        self.kind = kind
        self.source = source
        members.remove("cell_type")
        members.remove("source")
        other = members
    }

    /// Jupyter keeps texts whole or as a list of lines, each with its line end.
    static func text(_ value: JSONValue?) -> String? {
        switch value {
        case .string(let text)?: return text
        case .array(let parts)?:
            var text = ""
            for part in parts {
                guard case .string(let part) = part else { return nil }
                text += part
            }
            return text
        default: return nil
        }
    }

    /// As a list of lines, as Jupyter writes it: a change of one line is a change of one line of the file.
    fileprivate var json: JSONValue {
        var object: JSONObject = ["cell_type": .string(kind.rawValue)]
        for name in other.keys { object.set(name, other[name] ?? .null) }
        object.set("source", .array(Self.lines(source).map(JSONValue.string)))
        return .object(object)
    }

    private static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            line.append(scalar)
            if scalar == "\n" {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            }
        }
        if !line.isEmpty { lines.append(String(line)) }
        return lines
    }

    func member(_ name: String, of section: String) -> JSONValue? {
        guard case .object(let metadata)? = other["metadata"], case .object(let members)? = metadata[section] else {
            return nil
        }
        return members[name]
    }
}
