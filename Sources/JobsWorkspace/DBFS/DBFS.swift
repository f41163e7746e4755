// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Dispatch
import Foundation
import Glibc

/// The files behind `dbfs:/`: plain files below a local directory, so that drivers and executors read them too.
///
/// A file appears whole or not at all, and is on disk before the answer: contents go to a file in the uploads
/// directory, are synced, and then take their name.
public struct DBFS: Sendable {
    let root: String
    let uploads: String

    /// - Parameter uploads: a directory on the same file system, for contents on their way.
    public init(root: String, uploads: String) throws {
        self.root = root
        self.uploads = uploads
        for directory in [root, uploads] {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        removeUploads(atStart: true)
    }

    // MARK: Reading

    public func status(of path: DBFSPath) async throws -> FileInfo {
        try await blocking {
            if path.isRoot { return try self.rootInfo() }
            guard let status = try self.parent(of: path)?.status(path.name) else { throw DBFSError.doesNotExist(path) }
            return status.fileInfo(path)
        }
    }

    /// The entries of a directory, sorted by name; of a file the file itself.
    public func list(_ path: DBFSPath) async throws -> [FileInfo] {
        try await blocking {
            if !path.isRoot {
                guard let status = try self.parent(of: path)?.status(path.name) else {
                    throw DBFSError.doesNotExist(path)
                }
                if !status.isDirectory { return [status.fileInfo(path)] }
            }
            guard let directory = try self.directory(path) else { throw DBFSError.doesNotExist(path) }
            return try directory.names().compactMap { name in directory.status(name)?.fileInfo(path.appending(name)) }
        }
    }

    /// Up to `length` bytes from `offset` on; none at or behind the end.
    public func read(_ path: DBFSPath, offset: Int64, length: Int) async throws -> [UInt8] {
        try await blocking {
            let descriptor = try self.openFile(path)
            defer { _ = Glibc.close(descriptor) }
            var bytes = [UInt8](repeating: 0, count: length)
            var count = 0
            while count < length {
                let got = bytes.withUnsafeMutableBytes { buffer in
                    pread(descriptor, buffer.baseAddress! + count, length - count, off_t(offset) + off_t(count))
                }
                if got < 0 { throw DBFSError.failed(DirectoryDescriptor.reason(errno), path) }
                if got == 0 { break }
                count += got
            }
            return Array(bytes.prefix(count))
        }
    }

    /// Copies a file out of DBFS to a local path.
    public func copy(_ path: DBFSPath, toLocal localPath: String) async throws {
        try await blocking {
            let source = FileHandle(fileDescriptor: try self.openFile(path), closeOnDealloc: true)
            guard
                FileManager.default.createFile(
                    atPath: localPath, contents: nil, attributes: [.posixPermissions: 0o600]),
                let target = FileHandle(forWritingAtPath: localPath)
            else { throw DBFSError.failed("\(localPath) cannot be written", path) }
            while let data = try source.read(upToCount: 1024 * 1024), !data.isEmpty {
                try target.write(contentsOf: data)
            }
            try target.close()
        }
    }

    // MARK: Writing

    public func makeDirectories(_ path: DBFSPath) async throws {
        try await blocking { _ = try self.makeDirectory(path) }
    }

    /// Removes a file or directory; removing what is not there is no error.
    public func delete(_ path: DBFSPath, recursive: Bool) async throws {
        try await blocking {
            if path.isRoot { throw DBFSError.rootIsFixed }
            guard let parent = try self.parent(of: path), parent.status(path.name) != nil else { return }
            if recursive {
                try parent.removeRecursively(path.name)
            } else {
                // The kernel checks that it is empty: another request may be writing a file there.
                switch parent.remove(path.name) {
                case 0, ENOENT: break
                case ENOTEMPTY, EEXIST: throw DBFSError.directoryNotEmpty(path)
                case let code: throw DBFSError.failed(DirectoryDescriptor.reason(code), path)
                }
            }
            try parent.sync()
        }
    }

    public func move(_ source: DBFSPath, to target: DBFSPath) async throws {
        try await blocking {
            if source.isRoot { throw DBFSError.rootIsFixed }
            guard let from = try self.parent(of: source), from.status(source.name) != nil else {
                throw DBFSError.doesNotExist(source)
            }
            if target.isWithin(source) { throw DBFSError.moveIntoItself(target) }
            guard !target.isRoot, let to = try self.parent(of: target) else {
                throw target.isRoot ? DBFSError.alreadyExists(target) : DBFSError.doesNotExist(target.parent)
            }
            try Self.rename(from, source.name, to, target.name, replacing: false, path: target)
            try to.sync()
            try from.sync()
        }
    }

    // MARK: Inside

    /// Runs blocking file I/O outside Swift's cooperative thread pool.
    func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    private static let queue = DispatchQueue(label: "lamplighter.dbfs", attributes: .concurrent)

    private func rootInfo() throws -> FileInfo {
        var status = stat()
        guard stat(root, &status) == 0 else {
            throw DBFSError.failed(DirectoryDescriptor.reason(errno), DBFSPath(components: []))
        }
        return status.fileInfo(DBFSPath(components: []))
    }

    /// nil when the directory, or one above it, is not there.
    private func directory(_ path: DBFSPath) throws -> DirectoryDescriptor? {
        var directory = try DirectoryDescriptor(root: root)
        for name in path.components {
            guard let next = directory.directory(name) else { return nil }
            directory = next
        }
        return directory
    }

    private func parent(of path: DBFSPath) throws -> DirectoryDescriptor? { try directory(path.parent) }

    private func openFile(_ path: DBFSPath) throws -> Int32 {
        guard !path.isRoot else { throw DBFSError.isDirectory(path) }
        guard let parent = try parent(of: path), let status = parent.status(path.name) else {
            throw DBFSError.doesNotExist(path)
        }
        if status.isDirectory { throw DBFSError.isDirectory(path) }
        let descriptor = openat(parent.descriptor, path.name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw DBFSError.doesNotExist(path) }
        return descriptor
    }

    /// The directory, made with those above it where they are missing.
    func makeDirectory(_ path: DBFSPath) throws -> DirectoryDescriptor {
        var directory = try DirectoryDescriptor(root: root)
        var reached = DBFSPath(components: [])
        for name in path.components {
            reached = reached.appending(name)
            if let next = directory.directory(name) {
                directory = next
                continue
            }
            if mkdirat(directory.descriptor, name, 0o700) != 0, errno != EEXIST {
                throw DBFSError.failed(DirectoryDescriptor.reason(errno), reached)
            }
            try directory.sync()
            // The name is taken by a symbolic link, or by something that is not a directory.
            guard let next = directory.directory(name) else { throw DBFSError.alreadyExists(reached) }
            directory = next
        }
        return directory
    }

    /// Gives a finished upload its name.
    func place(_ file: String, at path: DBFSPath, overwrite: Bool) throws {
        guard !path.isRoot else { throw DBFSError.isDirectory(path) }
        let parent = try makeDirectory(path.parent)
        if parent.directory(path.name) != nil { throw overwrite ? DBFSError.isDirectory(path) : .alreadyExists(path) }
        let from = try DirectoryDescriptor(root: (file as NSString).deletingLastPathComponent)
        try Self.rename(
            from, (file as NSString).lastPathComponent, parent, path.name, replacing: overwrite, path: path)
        try parent.sync()
    }

    private static func rename(
        _ from: DirectoryDescriptor, _ oldName: String, _ to: DirectoryDescriptor, _ newName: String, replacing: Bool,
        path: DBFSPath
    ) throws {
        let failure =
            replacing
            ? (renameat(from.descriptor, oldName, to.descriptor, newName) == 0 ? 0 : errno)
            : -lp_rename_new(from.descriptor, oldName, to.descriptor, newName)
        guard failure == 0 else {
            throw failure == EEXIST ? DBFSError.alreadyExists(path) : .failed(DirectoryDescriptor.reason(failure), path)
        }
    }
}
