// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// Contents on their way into DBFS. A handle is the name of a directory with the contents so far and the target, so an
/// upload survives a restart of the server.
extension DBFS {
    /// Handles stay below 2^53, so that JSON doubles keep them.
    private static let handles: ClosedRange<Int64> = 1...9_007_199_254_740_991

    /// Begins an upload (`dbfs/create`).
    public func create(_ path: DBFSPath, overwrite: Bool) async throws -> Int64 {
        let existing = try? await status(of: path)
        if let existing {
            if existing.isDirectory { throw overwrite ? DBFSError.isDirectory(path) : .alreadyExists(path) }
            if !overwrite { throw DBFSError.alreadyExists(path) }
        }
        return try await begin(target: (overwrite ? "overwrite\n" : "new\n") + path.description)
    }

    /// Begins an upload whose target is named only when it ends.
    public func createUnnamed() async throws -> Int64 { try await begin(target: "") }

    private func begin(target: String) async throws -> Int64 {
        try await blocking {
            let handle = Int64.random(in: Self.handles)
            let directory = self.directory(of: handle)
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            guard
                FileManager.default.createFile(
                    atPath: directory + "/contents", contents: nil, attributes: attributes),
                FileManager.default.createFile(
                    atPath: directory + "/target", contents: Data(target.utf8), attributes: attributes)
            else { throw DBFSError.failed("\(directory) cannot be written", DBFSPath(components: [])) }
            return handle
        }
    }

    /// Appends a block (`dbfs/add-block`).
    public func addBlock(_ handle: Int64, _ bytes: [UInt8]) async throws {
        try await blocking {
            guard let file = FileHandle(forWritingAtPath: self.directory(of: handle) + "/contents") else {
                throw DBFSError.unknownHandle(handle)
            }
            try file.seekToEnd()
            try file.write(contentsOf: Data(bytes))
            // Acknowledged blocks must not be lost when the machine is.
            fdatasync(file.fileDescriptor)
            try file.close()
        }
    }

    /// Ends an upload: the file appears under its name (`dbfs/close`).
    public func close(_ handle: Int64) async throws {
        try await blocking {
            let directory = self.directory(of: handle)
            guard let text = try? String(contentsOfFile: directory + "/target", encoding: .utf8),
                let lineEnd = text.firstIndex(of: "\n")
            else { throw DBFSError.unknownHandle(handle) }
            let path = try DBFSPath(String(text[text.index(after: lineEnd)...]))
            try self.place(directory + "/contents", at: path, overwrite: text.hasPrefix("overwrite"))
            try FileManager.default.removeItem(atPath: directory)
        }
    }

    /// Ends an upload under a name that is given only now.
    public func close(_ handle: Int64, as path: DBFSPath, overwrite: Bool) async throws {
        try await blocking {
            let directory = self.directory(of: handle)
            try self.place(directory + "/contents", at: path, overwrite: overwrite)
            try FileManager.default.removeItem(atPath: directory)
        }
    }

    /// Drops an upload that will not be ended.
    public func abort(_ handle: Int64) async {
        try? await blocking { try FileManager.default.removeItem(atPath: self.directory(of: handle)) }
    }

    /// Writes a whole file (`dbfs/put`).
    public func put(_ path: DBFSPath, _ bytes: [UInt8], overwrite: Bool) async throws {
        let handle = try await create(path, overwrite: overwrite)
        do {
            try await addBlock(handle, bytes)
            try await close(handle)
        } catch {
            await abort(handle)
            throw error
        }
    }

    private func directory(of handle: Int64) -> String { uploads + "/\(handle)" }
}
