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
        try await blocking { self.removeUploads(atStart: false) }
        return try await begin(target: (overwrite ? "overwrite\n" : "new\n") + path.description)
    }

    /// Begins an upload whose target is named only when it ends, in the same request: it does not survive a restart.
    public func createUnnamed() async throws -> Int64 { try await begin(target: "") }

    private func begin(target: String) async throws -> Int64 {
        try await blocking {
            let handle = Int64.random(in: Self.handles)
            let draft = self.uploads + "/new-\(handle)"
            try FileManager.default.createDirectory(
                atPath: draft, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
            try OpenUpload.prepare(draft, target: target)
            if !target.isEmpty { try OpenUpload.sync(draft) }
            // Never replaces an upload with the same handle: that one is not empty.
            guard rename(draft, self.directory(of: handle)) == 0 else {
                throw DBFSError.failed(DirectoryDescriptor.reason(errno), DBFSPath(components: []))
            }
            if !target.isEmpty { try DirectoryDescriptor(root: self.uploads).sync() }
            return handle
        }
    }

    /// Appends a block (`dbfs/add-block`); on disk when this returns.
    public func addBlock(_ handle: Int64, _ bytes: [UInt8]) async throws {
        try await blocking { try OpenUpload(handle, in: self.directory(of: handle)).append(bytes, durably: true) }
    }

    /// Appends bytes to an unnamed upload. They are on disk when it is closed: a file of 2 GiB comes in many pieces.
    public func append(_ handle: Int64, _ bytes: [UInt8]) async throws {
        try await blocking { try OpenUpload(handle, in: self.directory(of: handle)).append(bytes, durably: false) }
    }

    /// Ends an upload: the file appears under its name (`dbfs/close`).
    public func close(_ handle: Int64) async throws {
        try await blocking {
            let upload = try OpenUpload(handle, in: self.directory(of: handle))
            let text = upload.target
            guard let lineEnd = text.firstIndex(of: "\n") else { throw DBFSError.unknownHandle(handle) }
            if let contents = try upload.finishedContents() {
                let path = try DBFSPath(String(text[text.index(after: lineEnd)...]))
                try self.place(contents, at: path, overwrite: text.hasPrefix("overwrite"))
            }
            upload.remove()
        }
    }

    /// Ends an upload under a name that is given only now.
    public func close(_ handle: Int64, as path: DBFSPath, overwrite: Bool) async throws {
        try await blocking {
            let upload = try OpenUpload(handle, in: self.directory(of: handle))
            guard let contents = try upload.finishedContents() else { throw DBFSError.unknownHandle(handle) }
            try self.place(contents, at: path, overwrite: overwrite)
            upload.remove()
        }
    }

    /// Deletes an upload that will not be closed.
    public func abort(_ handle: Int64) async {
        try? await blocking { try OpenUpload(handle, in: self.directory(of: handle)).remove() }
    }

    /// Writes a whole file (`dbfs/put`).
    public func put(_ path: DBFSPath, _ bytes: [UInt8], overwrite: Bool) async throws {
        let handle = try await createUnnamed()
        do {
            try await append(handle, bytes)
            try await close(handle, as: path, overwrite: overwrite)
        } catch {
            await abort(handle)
            throw error
        }
    }

    /// Deletes uploads without a new block for a day; at the start also those whose request ended with the server
    /// before this one, and what is left of uploads that had ended.
    func removeUploads(atStart: Bool) {
        let oldest = Date(timeIntervalSinceNow: -Double(Self.idleLifetime.components.seconds))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: uploads)) ?? [] {
            let directory = uploads + "/" + name
            let target = try? String(contentsOfFile: directory + "/target", encoding: .utf8)
            let attributes = try? FileManager.default.attributesOfItem(atPath: directory + "/length")
            let isIdle = (attributes?[.modificationDate] as? Date).map { $0 < oldest } ?? false
            let isOrphan = atStart && (Int64(name) == nil || target?.isEmpty != false)
            guard isIdle || isOrphan else { continue }
            if let handle = Int64(name), let upload = try? OpenUpload(handle, in: directory) {
                upload.remove()
            } else {
                try? FileManager.default.removeItem(atPath: directory)
            }
        }
    }

    /// The real service waits for ten minutes only.
    private static let idleLifetime: Duration = .seconds(24 * 3600)

    private func directory(of handle: Int64) -> String { uploads + "/\(handle)" }
}
