// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation

/// The layout of `--data DIR`.
struct DataDirectory {
    let path: String

    var databaseName: String { "lamplighter.sqlite" }
    var database: String { path + "/" + databaseName }
    /// The files behind `dbfs:/`.
    var dbfs: String { path + "/dbfs" }
    var dbfsUploads: String { path + "/dbfs-uploads" }
    var runs: String { path + "/runs" }
    var cache: String { path + "/cache" }
    var adminToken: String { path + "/admin-token" }
    /// The key of secrets, unless a setting says where it is. Never part of a backup.
    var secretsKey: String { path + "/secrets-key" }
    /// The address of the server that runs on this directory.
    var endpoint: String { path + "/endpoint" }
    /// The address of that server for kernels of running notebooks.
    var runEndpoint: String { path + "/run-endpoint" }
    /// Socket, log and caches of the process that notebooks are forked from.
    var forkServer: String { path + "/fork-server" }
    /// Where a restore prepares data; exists only until it is done.
    var restoring: String { path + "/restoring" }
    private var lock: String { path + "/lock" }

    /// What to do about a damaged database.
    static let restoreAdvice =
        "Move the data directory away and make a new one from a backup: `lamplighter restore FILE --data DIR`. Without a "
        + "backup, `sqlite3 lamplighter.sqlite .recover` saves what can be read."

    static func standardized(_ path: String) -> String {
        URL(fileURLWithPath: (path as NSString).expandingTildeInPath).standardizedFileURL.path
    }

    /// Whether it is missing or empty; an unreadable one does not count as empty.
    var isEmpty: Bool {
        !FileManager.default.fileExists(atPath: path)
            || (try? FileManager.default.contentsOfDirectory(atPath: path).isEmpty) ?? false
    }

    /// A restore was killed here.
    var isHalfRestored: Bool { FileManager.default.fileExists(atPath: restoring) }

    init(path: String) { self.path = path }

    /// A directory on which a server has run.
    /// - Throws: `CommandFailure` that says what it is not.
    init(existing path: String) throws {
        self.init(path: Self.standardized(path))
        try refuseHalfRestored()
        guard FileManager.default.fileExists(atPath: database) else {
            throw CommandFailure(
                "\(path) is not the data directory of a server: start `lamplighter serve --data \(path)` once.")
        }
    }

    /// Makes the directories, for the owner alone.
    /// - Parameter evenHalfRestored: as the last step of a restore.
    func create(evenHalfRestored: Bool = false) throws {
        if !evenHalfRestored { try refuseHalfRestored() }
        for directory in [path, dbfs, dbfsUploads, runs, cache] { try make(directory) }
    }

    /// Makes the directory itself; one that is there becomes the owner's alone, where that is possible.
    func makeOwn() throws {
        try make(path)
        chmod(path, 0o700)
    }

    private func make(_ directory: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            // Foundation does not say why.
            guard mkdir(directory, 0o700) != 0 else { return }
            throw CommandFailure.system(directory, "cannot be made")
        }
    }

    /// A server with a new database here would reuse ids of runs on disk, and make a new admin token.
    /// - Throws: `CommandFailure` when a server was here and its database is gone, or empty.
    func refuseLostDatabase() throws {
        let size = (try? FileManager.default.attributesOfItem(atPath: database)[.size] as? Int) ?? 0
        guard size == 0, FileManager.default.fileExists(atPath: adminToken) else { return }
        throw CommandFailure("\(path) has lost its database. \(Self.restoreAdvice)")
    }

    private func refuseHalfRestored() throws {
        guard isHalfRestored else { return }
        throw CommandFailure(
            "A restore to \(path) was broken off. Restore it again: `lamplighter restore FILE --data \(path)`.")
    }

    /// Held until the process ends, so that no second server works on the same data.
    func takeLock() throws {
        let descriptor = lp_lock_file(lock)
        if descriptor >= 0 { return }
        if descriptor == -EWOULDBLOCK {
            let holder = (try? String(contentsOfFile: lock, encoding: .utf8))?.trimmingCharacters(
                in: .whitespacesAndNewlines)
            throw CommandFailure(
                "Another lamplighter server (pid \(holder ?? "?")) is running on \(path). Stop it, or give --data another directory."
            )
        }
        throw CommandFailure("\(lock) cannot be locked: \(String(cString: strerror(-descriptor)))")
    }

    /// Replaces a small file atomically.
    func write(_ text: String, to file: String, permissions: Int) throws {
        let temporary = file + ".new"
        let bytes = Array(text.utf8)
        let failure = lp_write_file(temporary, bytes, bytes.count, mode_t(permissions))
        guard failure == 0, rename(temporary, file) == 0 else {
            throw CommandFailure("\(file) cannot be written.")
        }
    }
}
