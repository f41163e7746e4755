// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import ServiceLifecycle

/// Stops runs whose timeout has come (contract E5).
public struct TimeoutWatcher: Service {
    private let store: any EngineStore
    private let runner: any TaskRunner
    private let signals: any EngineHints
    private let clock: any WallClock
    private let logger: Logger
    /// A shorter timeout may be given at any time, so no pause is longer than this.
    private let longestPause: Duration

    public init(
        store: any EngineStore, runner: any TaskRunner, signals: any EngineHints, clock: any WallClock, logger: Logger,
        longestPause: Duration = .seconds(1)
    ) {
        self.store = store
        self.runner = runner
        self.signals = signals
        self.clock = clock
        self.logger = logger
        self.longestPause = longestPause
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    /// Stops what is due, again and again, until the task is cancelled.
    package func work() async {
        await PassLoop(longestPause: longestPause, clock: clock, logger: logger).work("look for timeouts", runOnce)
    }

    /// Stops what is due; returns the next deadline.
    package func runOnce() async throws -> Timestamp? {
        let now = clock.now
        if let next = try await store.nextDeadline(), next <= now {
            let ended = await runner.endedInTime(try await store.overdueRuns(at: now))
            signals.runsChanged(try await store.stopTimedOutRuns(at: now, sparing: ended))
            // Recorded by their executions in a moment; until then the next deadline is theirs.
            if !ended.isEmpty { return nil }
        }
        return try await store.nextDeadline()
    }
}
