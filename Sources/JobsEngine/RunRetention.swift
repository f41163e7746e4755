// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import Synchronization

/// Removes expired runs with their output (contract D10), and the remaining data of deleted jobs.
public final class RunRetention: Sendable {
    private let store: any RetentionStore
    private let outputs: any TaskOutputs
    private let policy: RetentionPolicy
    private let clock: any WallClock
    private let logger: Logger
    /// The maximum of runs per transaction.
    private let batch: Int
    private let hasSwept = Mutex(false)

    public init(
        store: any RetentionStore, outputs: any TaskOutputs, policy: RetentionPolicy, clock: any WallClock,
        logger: Logger, batch: Int = 200
    ) {
        self.store = store
        self.outputs = outputs
        self.policy = policy
        self.clock = clock
        self.logger = logger
        self.batch = batch
    }

    public var service: PollingService {
        PollingService("remove old runs", .init(longest: .seconds(60)), clock: clock, logger: logger) {
            try await self.runOnce()
            // Once per server process is enough, if it succeeds.
            if !self.hasSwept.withLock({ $0 }) {
                try await self.sweep()
                self.hasSwept.withLock { $0 = true }
            }
            return nil
        }
    }

    /// - Returns: the runs that were removed.
    @discardableResult
    public func runOnce() async throws -> [RunID] {
        var removed: [RunID] = []
        var removal: Removal
        repeat {
            removal = try await store.removeExpired(
                RemovalRequest(now: clock.now, cutoff: policy.cutoff(now: clock.now), limit: batch))
            for run in removal.runs { try await outputs.removeOutput(of: run) }
            removed += removal.runs
        } while removal.isPartial && !Task.isCancelled
        if !removed.isEmpty { logger.info("removed old runs", metadata: ["runs": "\(removed.count)"]) }
        return removed
    }

    /// A server that was killed between removing a run and its output has left orphaned output.
    public func sweep() async throws {
        let found = try await outputs.runsWithOutput()
        for start in stride(from: 0, to: found.count, by: 1000) {
            let runs = Array(found[start..<min(start + 1000, found.count)])
            let existing = try await store.existing(runs)
            for run in runs where !existing.contains(run) { try await outputs.removeOutput(of: run) }
        }
    }
}
