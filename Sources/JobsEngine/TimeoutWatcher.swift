// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging

/// Stops runs whose timeout has expired (contract E5).
public struct TimeoutWatcher: Sendable {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let wakeUps: any EngineWakeUps
    private let clock: any WallClock
    private let logger: Logger

    public init(
        store: any RunLifecycleStore, drivers: TaskDriverRegistry, wakeUps: any EngineWakeUps, clock: any WallClock,
        logger: Logger
    ) {
        self.store = store
        self.drivers = drivers
        self.wakeUps = wakeUps
        self.clock = clock
        self.logger = logger
    }

    /// A timeout may be shortened at any time, so it polls every second.
    public var service: PollingService {
        PollingService("look for timeouts", .init(longest: .seconds(1)), clock: clock, logger: logger, pass: runOnce)
    }

    /// Stops what is due; returns the next deadline.
    @Sendable package func runOnce() async throws -> Timestamp? {
        let now = clock.now
        if let next = try await store.nextDeadline(), next <= now {
            let ended = await drivers.endedInTime(try await store.overdueRuns(at: now))
            wakeUps.runsChanged(try await store.stopTimedOutRuns(at: now, sparing: ended))
            // Their executions will record the end; until then the next deadline is theirs.
            if !ended.isEmpty { return nil }
        }
        return try await store.nextDeadline()
    }
}
