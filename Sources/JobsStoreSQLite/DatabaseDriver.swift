// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB

/// How the store reaches its database: through a pool with threads of its own or, in a simulation, through one
/// connection that is used when the simulation says so.
package protocol DatabaseDriver: Sendable {
    /// Calls `work` on the writing connection, later; one at a time.
    func scheduleWrite(_ work: @escaping @Sendable (Database) -> Void)
    /// For queries that may take long: the caller waits without holding a thread.
    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T
    /// For a single statement that takes microseconds: right here.
    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T
    /// Uses the writing connection right here, when no `work` does.
    func useWriter<T>(_ body: (Database) throws -> T) throws -> T
    func close() throws
}

/// A pool's: a thread for the writer, and one per reader.
struct PoolDriver: DatabaseDriver {
    let pool: DatabasePool

    func scheduleWrite(_ work: @escaping @Sendable (Database) -> Void) { pool.asyncWriteWithoutTransaction(work) }

    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T {
        // Not `pool.read`, which holds a reader while it waits for one of Swift's threads: when all of these wait for a
        // reader in `readBriefly`, none of them would ever go on. Here a reader is let go by the thread that has read.
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { database in
                continuation.resume(with: Result { try query(database.get()) })
            }
        }
    }

    // Changing threads twice would take longer than the query. It may have to wait for a reader, which needs none of
    // Swift's threads to become free.
    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T { try pool.unsafeRead(query) }

    func useWriter<T>(_ body: (Database) throws -> T) throws -> T { try pool.writeWithoutTransaction(body) }

    func close() throws { try pool.close() }
}
