// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Schedules, durable. Each has a high-water mark of the instants that were handled, so that each instant is handled
/// exactly once, also when the server is killed (contract E7).
public protocol TriggerStore: Sendable {
    /// Fires due schedules, the longest overdue first: creates their runs, records what was missed, and moves the
    /// high-water mark, in one transaction.
    func fireDue(_ request: FireRequest) async throws -> FirePass

    /// The earliest instant of any schedule; nil: none will ever fire.
    func nextFireTime() async throws -> Timestamp?

    /// Where the schedule of a job stands; nil when the job has none that fires.
    func trigger(of job: JobID) async throws -> TriggerView?
}

public struct FireRequest: Sendable {
    public let now: Timestamp
    /// Since when the scheduler has been running: what was due before was missed.
    public let watchingSince: Timestamp
    public let policy: MisfirePolicy
    /// How many schedules at most: one transaction must not hold up the others.
    public let limit: Int

    public init(now: Timestamp, watchingSince: Timestamp, policy: MisfirePolicy, limit: Int) {
        self.now = now
        self.watchingSince = watchingSince
        self.policy = policy
        self.limit = limit
    }
}

/// What one pass did.
public struct FirePass: Equatable, Sendable {
    public struct Firing: Equatable, Sendable {
        public let jobID: JobID
        public let runID: RunID
        /// The instant of the schedule.
        public let fireTime: Timestamp
        /// False for a run that is SKIPPED.
        public let isActive: Bool

        public init(jobID: JobID, runID: RunID, fireTime: Timestamp, isActive: Bool) {
            self.jobID = jobID
            self.runID = runID
            self.fireTime = fireTime
            self.isActive = isActive
        }
    }

    public var firings: [Firing] = []
    /// What was recorded as missed.
    public var misfires: [Misfire] = []
    /// Jobs whose schedule or settings cannot be read; they are retried after a while.
    public var unreadable: [JobID] = []
    /// How many schedules were processed; as many as the limit: there may be more.
    public var triggers = 0

    public init() {}
}

/// Instants of a schedule that were missed.
public struct Misfire: Equatable, Sendable {
    public let jobID: JobID
    public let schedule: FireTimeSchedule
    public let missed: MissedInstants
    /// The newest instant, if it was recent enough to be made up for by a run.
    public let madeUpFor: Timestamp?

    public init(jobID: JobID, schedule: FireTimeSchedule, missed: MissedInstants, madeUpFor: Timestamp?) {
        self.jobID = jobID
        self.schedule = schedule
        self.missed = missed
        self.madeUpFor = madeUpFor
    }
}

/// Where a schedule stands.
public struct TriggerView: Equatable, Sendable {
    /// The high-water mark: every instant up to it was handled.
    public let mark: Timestamp
    public let nextFireTime: Timestamp?
    /// The newest of what was missed, at most a hundred, newest first.
    public let missed: [MissedInstants]

    public init(mark: Timestamp, nextFireTime: Timestamp?, missed: [MissedInstants]) {
        self.mark = mark
        self.nextFireTime = nextFireTime
        self.missed = missed
    }
}
