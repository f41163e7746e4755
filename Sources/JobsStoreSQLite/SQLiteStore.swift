// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore
import Logging
import Synchronization

/// The store on SQLite: write-ahead log, `synchronous=FULL`, one writer with group commit, readers beside it.
public final class SQLiteStore: Sendable {
    let driver: any DatabaseDriver
    let writer: GroupCommitWriter
    let definitions: DefinitionCache
    let limits: WorkspaceLimits

    /// Opens the database file, making or migrating it.
    /// - Parameter limits: of the workspace; kept in the transactions that create.
    /// - Throws: `DatabaseError` when the file cannot be opened, is not a database, or is newer than this program.
    public convenience init(path: String, limits: WorkspaceLimits = WorkspaceLimits()) throws {
        var configuration = Configuration()
        configuration.maximumReaderCount = 8
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA foreign_keys = ON")
        }
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            // GRDB sets NORMAL for a pool, after prepareDatabase: with it a loss of power can lose an acknowledged
            // write.
            try db.execute(sql: "PRAGMA synchronous = FULL")
            // A checkpoint every 16 MiB: the default of 4 MiB makes bursts of runs wait for it.
            try db.execute(sql: "PRAGMA wal_autocheckpoint = 4000")
        }
        try Self.migrate(pool)
        self.init(driver: PoolDriver(pool: pool), limits: limits)
    }

    /// A store on a database that has been migrated.
    package init(
        driver: any DatabaseDriver, limits: WorkspaceLimits = WorkspaceLimits(),
        logger: Logger = Logger(label: "lamplighter.store")
    ) {
        self.driver = driver
        self.limits = limits
        let definitions = DefinitionCache()
        self.definitions = definitions
        writer = GroupCommitWriter(driver: driver, logger: logger, didUndo: { definitions.forget() })
    }

    /// Makes or migrates the tables.
    package static func migrate(_ database: any DatabaseWriter) throws { try Migrations.migrator.migrate(database) }

    /// Closes the files; the store must not be used afterwards. The write-ahead log is checkpointed first, so that the
    /// next start has nothing to recover, and a copy of the database file alone is complete.
    public func close() throws {
        _ = try? driver.useWriter { db in try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try driver.close()
    }

    public var commitStatistics: CommitStatistics { writer.statistics.withLock { $0 } }

    /// The value of a PRAGMA of the writer's connection, for tests and `doctor`.
    public func writerPragma(_ name: String) throws -> String? {
        try driver.useWriter { db in try String.fetchOne(db, sql: "PRAGMA \(name)") }
    }

    /// For queries that may take long.
    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T {
        do {
            return try await driver.read(query)
        } catch {
            throw StoreError.unavailable(error) ?? error
        }
    }

    /// For a single statement that takes microseconds.
    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T {
        do {
            return try driver.readBriefly(query)
        } catch {
            throw StoreError.unavailable(error) ?? error
        }
    }
}

extension SQLiteStore: ChangeCounter {
    public var changeCount: UInt64 { writer.changes.count }

    public func waitForChange(after count: UInt64) async { await writer.changes.wait(after: count) }
}
