// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// An open directory. Everything below it is reached name by name without following symbolic links, so that nothing a
/// task puts into DBFS can lead out of it.
final class DirectoryDescriptor {
    let descriptor: Int32

    /// - Throws: `DBFSError.failed`.
    init(root: String) throws(DBFSError) {
        descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(Self.reason(errno), DBFSPath(components: [])) }
    }

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    /// nil when there is no directory of this name.
    func directory(_ name: String) -> DirectoryDescriptor? {
        let child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return child >= 0 ? DirectoryDescriptor(descriptor: child) : nil
    }

    /// What a name stands for; nil when there is nothing, or something that is neither file nor directory.
    func status(_ name: String) -> stat? {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        let kind = status.st_mode & S_IFMT
        return kind == S_IFREG || kind == S_IFDIR ? status : nil
    }

    /// The names in it, sorted.
    func names() throws(DBFSError) -> [String] {
        let own = openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0, let stream = fdopendir(own) else {
            let reason = Self.reason(errno)
            if own >= 0 { close(own) }
            throw .failed(reason, DBFSPath(components: []))
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes its entries durable (fsync).
    func sync() throws(DBFSError) {
        guard fsync(descriptor) == 0 else { throw .failed(Self.reason(errno), DBFSPath(components: [])) }
    }

    /// Removes a file, or a directory that is empty. Answers 0 or the reason.
    func remove(_ name: String) -> Int32 {
        if unlinkat(descriptor, name, 0) == 0 { return 0 }
        guard errno == EISDIR || errno == EPERM else { return errno }
        return unlinkat(descriptor, name, AT_REMOVEDIR) == 0 ? 0 : errno
    }

    /// Removes a name and all below it.
    func removeRecursively(_ name: String) throws(DBFSError) {
        if let child = directory(name) {
            for name in try child.names() { try child.removeRecursively(name) }
            if unlinkat(descriptor, name, AT_REMOVEDIR) == 0 { return }
        } else if unlinkat(descriptor, name, 0) == 0 {
            return
        }
        if errno != ENOENT { throw .failed(Self.reason(errno), DBFSPath(components: [name])) }
    }
}

extension stat {
    var isDirectory: Bool { st_mode & S_IFMT == S_IFDIR }

    func fileInfo(_ path: DBFSPath) -> FileInfo {
        FileInfo(
            path: path, isDirectory: isDirectory, fileSize: isDirectory ? 0 : Int64(st_size),
            modificationTime: Int64(st_mtim.tv_sec) * 1000 + Int64(st_mtim.tv_nsec) / 1_000_000)
    }
}
