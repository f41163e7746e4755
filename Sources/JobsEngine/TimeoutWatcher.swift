// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import ServiceLifecycle

/// Stops runs whose timeout has come (contract E5).
public struct TimeoutWatcher: Service {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let wakeUps: any EngineWakeUps
    private let clock: any WallClock
    private let logger: Logger
    /// A shorter timeout may be given at any time, so no pause is longer than this.
    private let maxPause: Duration

    public init(
        store: any RunLifecycleStore, drivers: TaskDriverRegistry, wakeUps: any EngineWakeUps, clock: any WallClock,
        logger: Logger,
        maxPause: Duration = .seconds(1)
    ) {
        self.store = store
        self.drivers = drivers
        self.wakeUps = wakeUps
        self.clock = clock
        self.logger = logger
        self.maxPause = maxPause
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    /// Stops what is due, again and again, until the task is cancelled.
    package func work() async {
        await PollingLoop(maxPause: maxPause, clock: clock, logger: logger).work("look for timeouts", runOnce)
    }

    /// Stops what is due; returns the next deadline.
    package func runOnce() async throws -> Timestamp? {
        let now = clock.now
        if let next = try await store.nextDeadline(), next <= now {
            let ended = await drivers.endedInTime(try await store.overdueRuns(at: now))
            wakeUps.runsChanged(try await store.stopTimedOutRuns(at: now, sparing: ended))
            // Recorded by their executions in a moment; until then the next deadline is theirs.
            if !ended.isEmpty { return nil }
        }
        return try await store.nextDeadline()
    }
}
