// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An absolute path in DBFS, as `/a/b` or `dbfs:/a/b`. It has no empty, `.` or `..` component, so it cannot leave the
/// root.
public struct DBFSPath: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// None: the root.
    public let components: [String]

    private static let maxComponentLength = 255
    private static let maxPathLength = 4096

    /// - Throws: `DBFSError.invalidPath`.
    public init(_ text: String) throws(DBFSError) {
        var rest = text[...]
        if rest.hasPrefix("dbfs:") { rest = rest.dropFirst("dbfs:".count) }
        guard rest.utf8.first == UInt8(ascii: "/") else {
            throw .invalidPath(text, reason: "it must be absolute: /a/b or dbfs:/a/b")
        }
        guard rest.utf8.count <= Self.maxPathLength else {
            throw .invalidPath(String(text.prefix(80)) + "...", reason: "it is longer than \(Self.maxPathLength) bytes")
        }
        var components: [String] = []
        // Bytes, not characters: with a combining mark behind it, a slash is another character, and still a slash to
        // the file system.
        let names = rest.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
        for component in names where component != "." {
            guard component != ".." else { throw .invalidPath(text, reason: "it must not contain ..") }
            guard component.utf8.count <= Self.maxComponentLength, !component.utf8.contains(0) else {
                throw .invalidPath(text, reason: "a name may have up to \(Self.maxComponentLength) bytes and no NUL")
            }
            components.append(component)
        }
        self.components = components
    }

    init(components: [String]) { self.components = components }

    public var isRoot: Bool { components.isEmpty }
    public var description: String { "/" + components.joined(separator: "/") }
    var name: String { components.last ?? "" }
    var parent: DBFSPath { DBFSPath(components: Array(components.dropLast())) }

    func appending(_ name: String) -> DBFSPath { DBFSPath(components: components + [name]) }

    /// True for the path itself too.
    func isWithin(_ other: DBFSPath) -> Bool { components.starts(with: other.components) }
}
