// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import Logging
import JobsStore
import Synchronization

/// The one writer. Commands that come while a commit is on its way to the disk wait and are then committed together:
/// one fsync for all of them. A command returns only after the commit that holds it is durable; one that throws is
/// rolled back alone. A command may be executed twice, so it must do nothing but read and write the database.
final class GroupCommitWriter: Sendable {
    /// A command, with the continuation of its caller.
    private struct Pending: Sendable {
        /// Runs the command; stores its outcome. Throws when the command did, so that its savepoint is rolled back.
        let execute: @Sendable (Database) throws -> Void
        /// Resumes the caller with the outcome; `commitFailure` replaces a success that did not reach the disk.
        let finish: @Sendable (_ commitFailure: (any Error)?) -> Void
    }

    private struct Queue {
        var waiting: [Pending] = []
        var isDraining = false
    }

    private let driver: any DatabaseDriver
    private let queue = Mutex(Queue())
    let statistics = Mutex(CommitStatistics())
    private let metrics: CommitMetrics
    /// Grows with every commit, before the commit is acknowledged to anybody.
    let changes = ChangeSignal()

    /// Called when data that commands have read or written was rolled back.
    private let didUndo: @Sendable () -> Void

    init(driver: any DatabaseDriver, logger: Logger, didUndo: @escaping @Sendable () -> Void) {
        metrics = CommitMetrics(logger: logger)
        self.driver = driver
        self.didUndo = didUndo
    }

    func write<T: Sendable>(_ command: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
            let outcome = Outcome<T>()
            enqueue(
                Pending(
                    execute: { db in
                        do {
                            outcome.set(.success(try command(db)))
                        } catch {
                            outcome.set(.failure(error))
                            throw error
                        }
                    },
                    finish: { commitFailure in continuation.resume(with: outcome.result(commitFailure)) }))
        }
    }

    private func enqueue(_ pending: Pending) {
        let mustStart = queue.withLock { queue in
            queue.waiting.append(pending)
            defer { queue.isDraining = true }
            return !queue.isDraining
        }
        if mustStart {
            driver.scheduleWrite { db in self.drain(db) }
        }
    }

    private func drain(_ db: Database) {
        while let batch = nextBatch() {
            let start = ContinuousClock.now
            let failure = commit(batch, db)
            metrics.note(batchSize: batch.count, took: .now - start, failure: failure)
            for pending in batch { pending.finish(failure) }
            changes.wake()
        }
    }

    private func nextBatch() -> [Pending]? {
        queue.withLock { queue in
            if queue.waiting.isEmpty {
                queue.isDraining = false
                return nil
            }
            defer { queue.waiting.removeAll(keepingCapacity: true) }
            return queue.waiting
        }
    }

    private func commit(_ batch: [Pending], _ db: Database) -> (any Error)? {
        statistics.withLock { $0.note(batchSize: batch.count) }
        defer { changes.advance() }
        do {
            do {
                try commitTogether(batch, db)
            } catch is MustIsolate {
                didUndo()
                try commitIsolated(batch, db)
            }
            return nil
        } catch {
            didUndo()
            return error
        }
    }

    /// A command failed after it had changed something; only its changes must be rolled back.
    private struct MustIsolate: Error {}

    /// The fast path, without savepoints: nearly all commands that fail do so before they change anything.
    private func commitTogether(_ batch: [Pending], _ db: Database) throws {
        try db.inTransaction(.immediate) {
            for pending in batch {
                let before = db.totalChangesCount
                do {
                    try pending.execute(db)
                } catch  where db.totalChangesCount == before && db.isInsideTransaction {
                    // `execute` has stored its error; the batch goes on without it.
                } catch {
                    throw MustIsolate()
                }
            }
            return .commit
        }
    }

    /// The slow path: the batch was rolled back and is executed again with a savepoint around each command.
    private func commitIsolated(_ batch: [Pending], _ db: Database) throws {
        try db.inTransaction(.immediate) {
            for pending in batch {
                do {
                    try db.inSavepoint {
                        try pending.execute(db)
                        return .commit
                    }
                } catch {
                    // `execute` has stored its error.
                    didUndo()
                }
            }
            return .commit
        }
    }
}

/// How many commits there were, and how many commands they held.
public struct CommitStatistics: Sendable {
    public private(set) var commits = 0
    public private(set) var commands = 0
    public private(set) var largestBatch = 0

    mutating func note(batchSize: Int) {
        commits += 1
        commands += batchSize
        largestBatch = max(largestBatch, batchSize)
    }
}

/// Carries a result from the writer's thread to the caller.
private final class Outcome<T: Sendable>: Sendable {
    private let result = Mutex<Result<T, any Error>?>(nil)

    func set(_ result: Result<T, any Error>) { self.result.withLock { $0 = result } }

    func result(_ commitFailure: (any Error)?) -> Result<T, any Error> {
        let result = self.result.withLock { $0 }
        switch (result, commitFailure) {
        case (.failure(let error)?, _): return .failure(StoreError.unavailable(error) ?? error)
        case (_, let failure?): return .failure(StoreError.unavailable(failure) ?? failure)
        case (.success(let value)?, nil): return .success(value)
        case (nil, nil): return .failure(DatabaseError(resultCode: .SQLITE_INTERNAL))
        }
    }
}
