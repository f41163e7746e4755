// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Crypto
import Foundation
import JobsDomain

/// Writes a backup: a tar archive of the files of a data directory, with a copy of its database made for it, and its
/// `BackupEnd`. Readable by its owner alone; under its name only when it is whole and on disk.
struct BackupWriter {
    let path: String

    /// Beside the file, so that a full data disk can be backed up. What a killed backup has left there, the next one to
    /// the same file removes.
    private var workDirectory: String { path + ".partial" }

    /// - Parameter copyDatabase: copies it to the given path.
    /// - Returns: bytes of the backup.
    func write(_ data: DataDirectory, copyDatabase: (String) throws -> Void) throws -> Int {
        umask(0o077)
        try makeWorkDirectory()
        defer { try? FileManager.default.removeItem(atPath: workDirectory) }
        // First: files that come later are of runs that the copy does not know, and are swept by the first start after a
        // restore.
        try copyDatabase(workDirectory + "/" + data.databaseName)
        let partial = workDirectory + "/backup.tar"
        let size = try writeArchive(of: data, to: partial)
        // Unlike `rename`, `link` replaces nothing.
        guard link(partial, path) == 0 else { throw CommandFailure.system(path, "cannot be written") }
        syncDirectory((path as NSString).deletingLastPathComponent)
        return size
    }

    private func makeWorkDirectory() throws {
        guard mkdir(workDirectory, 0o700) == 0 || errno == EEXIST else {
            throw CommandFailure.system(path, "cannot be written")
        }
        guard lp_lock_file(workDirectory + "/lock") >= 0 else {
            throw CommandFailure("\(path) is being written by another backup, or \(workDirectory) is in the way.")
        }
        for name in (try? FileManager.default.contentsOfDirectory(atPath: workDirectory)) ?? [] where name != "lock" {
            try? FileManager.default.removeItem(atPath: workDirectory + "/" + name)
        }
    }

    private func writeArchive(of data: DataDirectory, to file: String) throws -> Int {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandFailure.system(path, "cannot be written") }
        defer { close(descriptor) }
        let names = ["dbfs", "runs", "admin-token"].filter {
            FileManager.default.fileExists(atPath: data.path + "/" + $0)
        }
        // A claim names processes of the first server; without it, its task was never started.
        let tar = try Tar(
            [
                "--create", "--file", "-", "--directory", workDirectory, data.databaseName, "--directory", data.path,
                "--anchored", "--exclude", "runs/*/claim",
            ] + names, workDirectory: workDirectory)
        var hash = SHA256()
        var size = 0
        try tar.eachChunk { chunk in
            hash.update(data: chunk)
            size += chunk.count
            try put(chunk, into: descriptor)
        }
        // Files of running tasks may grow, and come and go, meanwhile.
        try tar.finish(mayWarn: true)
        let digest = hash.finalize().hexadecimal
        try put(BackupEnd(archiveBytes: size, digest: digest).bytes, into: descriptor)
        guard fsync(descriptor) == 0 else { throw CommandFailure.system(path, "cannot be written") }
        return size + BackupEnd.length
    }

    private func put(_ bytes: Data, into descriptor: Int32) throws {
        try bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                guard written > 0 else { throw CommandFailure.system(path, "cannot be written") }
                rest = rest.dropFirst(written)
            }
        }
    }

    private func syncDirectory(_ path: String) {
        let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }
}
