// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    /// Writes a consistent snapshot of a database to a new file, while a server may go on using it, and verifies the
    /// copy: one that cannot be restored must not pass for a backup.
    /// - Throws: `DatabaseOpeningError`.
    public static func copy(_ path: String, to copy: String) throws {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(30)
            let source = try DatabaseQueue(path: path, configuration: configuration)
            let destination = try DatabaseQueue(path: copy)
            try source.backup(to: destination)
            let faults = try destination.writeWithoutTransaction { db in
                // A single file, without a write-ahead log.
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
                return try String.fetchAll(db, sql: "PRAGMA quick_check(3)").filter { $0 != "ok" }
            }
            try destination.close()
            try source.close()
            if !faults.isEmpty { throw DatabaseOpeningError.damaged(path, faults: faults) }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL {
            throw DatabaseOpeningError.failed(path, reason: "there is no space for its copy, \(copy)")
        } catch let error as DatabaseError {
            throw DatabaseOpeningError(error, path: path)
        }
    }

    /// Ends the runs that were active when the database was copied: how they ended is unknown, and their
    /// processes, if there are any, belong to the server that was copied. Retries follow by policy.
    /// - Returns: the runs that were ended.
    public func endInterruptedRuns(at time: Timestamp) async throws -> [RunID] {
        let runs = try await activeRuns()
        for run in runs {
            // Runs that had not begun yet start after the restore.
            guard run.lifeCycleState != .pending else { continue }
            _ = try await record(
                .failedInternally(
                    message: "The run was under way when the backup was made; how it ended is not known."),
                of: run.id, at: time, facts: RunFacts())
        }
        return runs.filter { $0.lifeCycleState != .pending }.map(\.id)
    }
}
