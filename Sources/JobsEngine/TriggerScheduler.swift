// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Logging

/// Fires schedules (contract E7). At rest it sleeps until the next instant of any of them: a hundred thousand cost
/// nothing.
public struct TriggerScheduler: Sendable {
    private let store: any TriggerStore
    private let wakeUps: EngineEvents
    private let clock: any WallClock
    private let logger: Logger
    private let policy: MisfirePolicy
    /// The longest delay after a lost wake-up.
    private let maxPause: Duration
    /// The maximum of schedules per transaction.
    private let batch: Int
    /// In a pass of many batches the runs start after the pass, or they would take processor and disk from due
    /// schedules that are not committed yet. The longest hold: half of the lateness that still counts as on time.
    private let maxHold: Duration
    private let watchingSince: Timestamp
    private let observe: @Sendable (_ lateness: Duration) -> Void

    /// - Parameter observe: called with the lateness of each created run.
    public init(
        store: any TriggerStore, wakeUps: EngineEvents, clock: any WallClock, logger: Logger,
        policy: MisfirePolicy = MisfirePolicy(), maxPause: Duration = .seconds(10), batch: Int = 500,
        observe: @escaping @Sendable (_ lateness: Duration) -> Void = { _ in }
    ) {
        self.store = store
        self.wakeUps = wakeUps
        self.clock = clock
        self.logger = logger
        self.policy = policy
        self.maxPause = maxPause
        self.batch = batch
        self.observe = observe
        maxHold = policy.tolerance / 2
        watchingSince = clock.now
    }

    public var service: PollingService {
        PollingService(
            "fire schedules", .init(longest: maxPause, afterFailure: .seconds(1), event: wakeUps.schedules),
            clock: clock, logger: logger, pass: runOnce)
    }

    /// Fires what is due; returns the next instant of any schedule.
    @Sendable package func runOnce() async throws -> Timestamp? {
        let now = clock.now
        var pass: FirePass
        var startable: [RunID] = []
        var heldSince = now
        defer { wakeUps.runsChanged(startable) }
        repeat {
            pass = try await store.fireDue(
                FireRequest(now: now, watchingSince: watchingSince, policy: policy, limit: batch))
            report(pass)
            startable += pass.firings.filter(\.isActive).map(\.runID)
            if clock.now - heldSince >= maxHold {
                wakeUps.runsChanged(startable)
                (startable, heldSince) = ([], clock.now)
            }
        } while pass.triggers == batch
        return try await store.nextFireTime()
    }

    private func report(_ pass: FirePass) {
        let now = clock.now
        for firing in pass.firings {
            observe(now - firing.fireTime)
            EngineMetrics.fired(late: now - firing.fireTime, isActive: firing.isActive)
            logger.info(
                firing.isActive ? "run fired" : "run fired, and skipped for want of a slot",
                metadata: [
                    "job_id": "\(firing.jobID)", "run_id": "\(firing.runID)", "fire_time": "\(firing.fireTime.iso8601)",
                ])
        }
        for misfire in pass.misfires {
            EngineMetrics.misfired()
            logger.warning(
                "instants of a schedule were missed", metadata: misfire.logMetadata(watchingSince: watchingSince))
        }
        for job in pass.unreadable {
            logger.error("a schedule cannot be read and fires nothing", metadata: ["job_id": "\(job)"])
        }
    }
}
