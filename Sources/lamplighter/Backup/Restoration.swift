// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsDomain
import JobsStoreSQLite

/// Makes a data directory of a backup. All is made ready in a directory within it and moved out at the end; while that
/// one is there, nothing but another restore touches the data.
struct Restoration {
    /// The messages for the user.
    struct Outcome {
        /// Runs that were active when the backup was made.
        var endedRuns = 0
        var hasSecrets = false
    }

    let data: DataDirectory
    private let isNew: Bool

    /// - Throws: `CommandFailure` when there is something in the directory.
    init(into data: DataDirectory) throws {
        self.data = data
        isNew = !FileManager.default.fileExists(atPath: data.path)
        guard data.isEmpty || data.isHalfRestored else {
            throw CommandFailure("\(data.path) is not empty. Move it away, or give --data a new directory.")
        }
    }

    /// A restore that fails leaves nothing behind.
    func restore(_ backup: BackupReader) async throws -> Outcome {
        umask(0o077)
        try data.makeOwn()
        try data.takeLock()
        do {
            try removeRemains()
            guard mkdir(data.restoring, 0o700) == 0 else { throw CommandFailure.system(data.path, "cannot be written") }
            try backup.extract(to: data.restoring)
            let outcome = try await prepareDatabase(of: backup)
            try putInPlace()
            return outcome
        } catch {
            try? removeRemains()
            try? FileManager.default.removeItem(atPath: isNew ? data.path : data.path + "/lock")
            throw error
        }
    }

    private func prepareDatabase(of backup: BackupReader) async throws -> Outcome {
        let database = DataDirectory(path: data.restoring).database
        guard FileManager.default.fileExists(atPath: database) else {
            throw CommandFailure("\(backup.path) is not a backup of a server: it holds no database.")
        }
        let store: SQLiteStore
        do { store = try SQLiteStore.open(path: database) } catch { throw CommandFailure("\(backup.path): \(error)") }
        let faults = try await store.faults()
        guard faults.isEmpty else {
            throw CommandFailure("The database in \(backup.path) is damaged: \(faults.joined(separator: "; ")).")
        }
        var outcome = Outcome()
        outcome.endedRuns = try await store.endInterruptedRuns(at: SystemClock().now).count
        outcome.hasSecrets = try await !store.sealingKeys().isEmpty
        try store.close()
        return outcome
    }

    /// The mark goes last, when everything is on disk.
    private func putInPlace() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: data.restoring) {
            guard rename(data.restoring + "/" + name, data.path + "/" + name) == 0 else {
                throw CommandFailure.system(data.path + "/" + name, "cannot be written")
            }
        }
        try data.create(evenHalfRestored: true)
        sync()
        guard rmdir(data.restoring) == 0 else { throw CommandFailure.system(data.restoring, "cannot be removed") }
    }

    /// What this restore, or one that was killed, has made so far.
    private func removeRemains() throws {
        let database = data.databaseName
        let made = [
            database, database + "-wal", database + "-shm", "dbfs", "dbfs-uploads", "runs", "cache", "admin-token",
            (data.restoring as NSString).lastPathComponent,
        ]
        for name in made where FileManager.default.fileExists(atPath: data.path + "/" + name) {
            do { try FileManager.default.removeItem(atPath: data.path + "/" + name) } catch {
                throw CommandFailure("\(data.path)/\(name), which a former restore has left, cannot be removed.")
            }
        }
    }
}
