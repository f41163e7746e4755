// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// An upload that one request works on; others wait for it.
///
/// Its directory has three files: `target` (where it is to go; gone when the upload has ended, and what is locked),
/// `contents`, and `length`: how much of the contents was acknowledged. Behind that there may be a part of a block that
/// a crash or a full disk cut off.
final class OpenUpload {
    private let handle: Int64
    private let directory: String
    private let lock: Int32

    /// Makes the files of a new upload in an empty directory.
    static func prepare(_ directory: String, target: String) throws(DBFSError) {
        for (name, bytes) in [("contents", []), ("length", lengthBytes(0)), ("target", Array(target.utf8))] {
            let file = try open(directory + "/" + name, O_WRONLY | O_CREAT | O_EXCL)
            defer { close(file) }
            try write(bytes, to: file, at: 0)
        }
    }

    /// Makes the files of `prepare` durable (fsync).
    static func sync(_ directory: String) throws(DBFSError) {
        for name in ["contents", "length", "target"] {
            let file = try open(directory + "/" + name, O_RDONLY)
            defer { close(file) }
            try sync(file)
        }
        try DirectoryDescriptor(root: directory).sync()
    }

    /// Waits until no other request works on the upload.
    /// - Throws: `.unknownHandle`.
    init(_ handle: Int64, in directory: String) throws(DBFSError) {
        let target = Foundation.open(directory + "/target", O_RDONLY | O_CLOEXEC)
        guard target >= 0 else { throw .unknownHandle(handle) }
        var locked = flock(target, LOCK_EX)
        while locked != 0, errno == EINTR { locked = flock(target, LOCK_EX) }
        var status = stat()
        // It may have ended while this request waited.
        guard locked == 0, fstat(target, &status) == 0, status.st_nlink > 0 else {
            close(target)
            throw .unknownHandle(handle)
        }
        self.handle = handle
        self.directory = directory
        lock = target
    }

    deinit { close(lock) }

    /// As `prepare` was given it.
    var target: String { (try? String(contentsOfFile: directory + "/target", encoding: .utf8)) ?? "" }

    /// - Parameter durably: whether it must outlive a power loss before this returns.
    func append(_ bytes: [UInt8], durably: Bool) throws(DBFSError) {
        let contents = try Self.open(directory + "/contents", O_WRONLY)
        defer { close(contents) }
        let lengthFile = try Self.open(directory + "/length", O_RDWR)
        defer { close(lengthFile) }
        let length = try acknowledged(lengthFile)
        try cut(contents, to: length)
        try Self.write(bytes, to: contents, at: length)
        if durably { try Self.sync(contents) }
        try Self.write(Self.lengthBytes(length + Int64(bytes.count)), to: lengthFile, at: 0)
        if durably { try Self.sync(lengthFile) }
    }

    /// The file to be placed, on disk; nil when an earlier close has placed it and did not get further.
    func finishedContents() throws(DBFSError) -> String? {
        let path = directory + "/contents"
        let contents = Foundation.open(path, O_WRONLY | O_CLOEXEC)
        if contents < 0, errno == ENOENT { return nil }
        guard contents >= 0 else { throw Self.failure() }
        defer { close(contents) }
        let lengthFile = try Self.open(directory + "/length", O_RDONLY)
        defer { close(lengthFile) }
        try cut(contents, to: try acknowledged(lengthFile))
        try Self.sync(contents)
        return path
    }

    /// First the target: whoever waits finds that the upload has ended.
    func remove() {
        unlink(directory + "/target")
        try? FileManager.default.removeItem(atPath: directory)
    }

    private func acknowledged(_ file: Int32) throws(DBFSError) -> Int64 {
        var bytes = [UInt8](repeating: 0, count: 8)
        guard pread(file, &bytes, 8, 0) == 8 else { throw Self.failure() }
        return bytes.reversed().reduce(0) { $0 << 8 | Int64($1) }
    }

    private func cut(_ file: Int32, to length: Int64) throws(DBFSError) {
        guard ftruncate(file, off_t(length)) == 0 else { throw Self.failure() }
    }

    private static func lengthBytes(_ length: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
    }

    private static func open(_ path: String, _ flags: Int32) throws(DBFSError) -> Int32 {
        let file = Foundation.open(path, flags | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure() }
        return file
    }

    private static func sync(_ file: Int32) throws(DBFSError) {
        guard fsync(file) == 0 else { throw failure() }
    }

    private static func write(_ bytes: [UInt8], to file: Int32, at offset: Int64) throws(DBFSError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(file, buffer.baseAddress! + done, buffer.count - done, off_t(offset) + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            done += count
        }
    }

    private static func failure() -> DBFSError { .failed(DirectoryDescriptor.reason(errno), DBFSPath(components: [])) }
}
