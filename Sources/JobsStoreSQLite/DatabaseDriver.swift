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
    /// For a single statement that takes microseconds: on the calling thread.
    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T
    /// Uses the writing connection on the calling thread, when no `work` does.
    func useWriter<T>(_ body: (Database) throws -> T) throws -> T
    func close() throws
}

/// The driver of a `DatabasePool`: a thread for the writer, and one per reader.
struct PoolDriver: DatabaseDriver {
    let pool: DatabasePool

    func scheduleWrite(_ work: @escaping @Sendable (Database) -> Void) { pool.asyncWriteWithoutTransaction(work) }

    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T {
        // Not `pool.read`, which holds a reader while it waits for one of Swift's cooperative threads: if all of those
        // waited for a reader in `readBriefly`, they would deadlock. Here the thread that reads releases the reader.
        try await withCheckedThrowingContinuation { continuation in
            pool.asyncRead { database in
                continuation.resume(with: Result { try query(database.get()) })
            }
        }
    }

    // Two thread switches would take longer than the query. It may have to wait for a reader, but readers are released
    // without any of Swift's cooperative threads.
    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T { try pool.unsafeRead(query) }

    func useWriter<T>(_ body: (Database) throws -> T) throws -> T { try pool.writeWithoutTransaction(body) }

    func close() throws { try pool.close() }
}
