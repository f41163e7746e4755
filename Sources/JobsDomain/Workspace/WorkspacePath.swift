// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An absolute path of the workspace, `/Team/nightly/report`. It has no empty, `.` or `..` component.
public struct WorkspacePath: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// None: the root.
    public let components: [String]

    private static let maxNameLength = 255
    private static let maxPathLength = 4096

    /// A text that is no path, and why.
    public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// - Throws: `Fault`. A slash at the end is passed over.
    public init(_ text: String) throws(Fault) {
        guard text.utf8.first == UInt8(ascii: "/") else { throw Fault(description: "it must be absolute: /a/b") }
        guard text.utf8.count <= Self.maxPathLength else {
            throw Fault(description: "it is longer than \(Self.maxPathLength) bytes")
        }
        // Bytes, not characters: with a combining mark behind it, a slash is another character.
        var names = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if names.last == "" { names.removeLast() }
        for name in names {
            guard !name.isEmpty else { throw Fault(description: "a name between two slashes is empty") }
            guard name != ".", name != ".." else { throw Fault(description: "it must not contain . or ..") }
            guard name.utf8.count <= Self.maxNameLength else {
                throw Fault(description: "a name may have up to \(Self.maxNameLength) bytes")
            }
            guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
                throw Fault(description: "a name must not have control characters")
            }
        }
        components = names
    }

    private init(components: [String]) { self.components = components }

    public static let root = WorkspacePath(components: [])

    public var isRoot: Bool { components.isEmpty }
    public var description: String { "/" + components.joined(separator: "/") }
    /// Empty for the root.
    public var name: String { components.last ?? "" }
    /// The root's is the root.
    public var parent: WorkspacePath { WorkspacePath(components: Array(components.dropLast())) }

    /// - Parameter name: one component.
    public func appending(_ name: String) -> WorkspacePath { WorkspacePath(components: components + [name]) }

    /// True for the path itself too.
    public func isWithin(_ other: WorkspacePath) -> Bool { components.starts(with: other.components) }
}
