// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import ServiceLifecycle

/// Warns, once per run, of runs that take longer than their job's health rule expects (contract E6).
public struct HealthWatcher: Service {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let clock: any WallClock
    private let logger: Logger
    private let maxPause: Duration

    public init(
        store: any RunLifecycleStore, drivers: TaskDriverRegistry, clock: any WallClock, logger: Logger,
        maxPause: Duration = .seconds(1)
    ) {
        self.store = store
        self.drivers = drivers
        self.clock = clock
        self.logger = logger
        self.maxPause = maxPause
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    package func work() async {
        await PollingLoop(maxPause: maxPause, clock: clock, logger: logger).work("look for slow runs", runOnce)
    }

    /// Warns of what is slow; returns when the next run will be.
    package func runOnce() async throws -> Timestamp? {
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
