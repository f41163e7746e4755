// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging

/// Warns, once per run, of runs that take longer than their job's health rule expects (contract E6).
public struct HealthWatcher: Sendable {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let clock: any WallClock
    private let logger: Logger

    public init(store: any RunLifecycleStore, drivers: TaskDriverRegistry, clock: any WallClock, logger: Logger) {
        self.store = store
        self.drivers = drivers
        self.clock = clock
        self.logger = logger
    }

    public var service: PollingService {
        PollingService(
            "look for slow runs", .init(longest: .seconds(1)), clock: clock, logger: logger, pass: runOnce)
    }

    /// Warns of slow runs; returns when the next warning is due.
    @Sendable package func runOnce() async throws -> Timestamp? {
        let now = clock.now
        if let next = try await store.nextHealthWarning(), next <= now {
            let ended = await drivers.endedInTime(try await store.slowRuns(at: now))
            for warning in try await store.warnOfSlowRuns(at: now, sparing: ended) {
                EngineMetrics.slowRun()
                logger.warning(
                    "a run takes longer than expected",
                    metadata: ["run_id": "\(warning.run)", "expected_seconds": "\(warning.expectedSeconds)"])
            }
            if !ended.isEmpty { return nil }
        }
        return try await store.nextHealthWarning()
    }
}
