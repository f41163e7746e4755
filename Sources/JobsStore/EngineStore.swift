// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs, as the engine sees and changes them.
public protocol RunLifecycleStore: Sendable {
    /// All runs that have not ended, waiting retries included, oldest start first.
    func activeRuns() async throws -> [ActiveRun]

    /// nil when there is no such run (any more).
    func run(forExecution run: RunID) async throws -> Run?

    /// What happened to a run, with all that follows from it, in one transaction: the new state by
    /// `RunStateMachine`, its transition row, the times, and the retry by `RetryPolicy`.
    /// - Parameter facts: what else is known by now; stored even when the event comes too late.
    /// - Throws: `StoreError.runDoesNotExist`.
    func record(_ event: RunEvent, of run: RunID, at time: Timestamp, facts: RunFacts) async throws -> RecordedEvent

    /// Records the cluster of a run, and its Spark application.
    func noteCluster(_ instance: ClusterInstance, of run: RunID) async throws

    /// The runs whose timeout has come, each with the instant at which it came.
    func overdueRuns(at time: Timestamp) async throws -> [RunDeadline]

    /// Asks all runs whose timeout has come to stop and returns them, with those that they have started.
    /// - Parameter spared: runs of which it is known that their task ended in time.
    func stopTimedOutRuns(at time: Timestamp, sparing spared: Set<RunID>) async throws -> [RunID]

    /// The earliest deadline of the runs that can still be stopped by it.
    func nextDeadline() async throws -> Timestamp?

    /// The active runs that seem to exceed the duration of their job's health rule and have no warning recorded yet,
    /// each with the instant at which it should have ended.
    func slowRuns(at time: Timestamp) async throws -> [RunDeadline]

    /// Records, once per run, the warning that an active run has exceeded the duration of its job's health rule
    /// (contract E6), and returns the runs whose warning is new.
    /// - Parameter spared: runs of which it is known that their task ended in time.
    func warnOfSlowRuns(at time: Timestamp, sparing spared: Set<RunID>) async throws -> [HealthWarning]

    /// The earliest instant at which a warning of an active run is due.
    func nextHealthWarning() async throws -> Timestamp?

    /// How many runs are in each active state.
    func activeRunCounts() async throws -> [RunLifeCycleState: Int]
}

/// What is known of a run beside its state.
public struct RunFacts: Equatable, Sendable {
    public var cluster: ClusterInstance?
    /// What the task used, once it has ended.
    public var usage: TaskUsage?

    public init(cluster: ClusterInstance? = nil, usage: TaskUsage? = nil) {
        self.cluster = cluster
        self.usage = usage
    }
}

/// What recording an event did.
public struct RecordedEvent: Equatable, Sendable {
    public let state: RunState
    /// False when the event came too late and was ignored.
    public let changed: Bool
    /// The retry that was created, and when it may start.
    public let retry: RunID?
    /// Runs that this one has started, and theirs: they were asked to stop with it.
    public let stopped: [RunID]

    public init(state: RunState, changed: Bool, retry: RunID?, stopped: [RunID] = []) {
        self.state = state
        self.changed = changed
        self.retry = retry
        self.stopped = stopped
    }
}

/// A run that takes longer than expected.
public struct HealthWarning: Equatable, Sendable {
    public let run: RunID
    public let time: Timestamp
    /// The value of the rule that it breaks.
    public let expectedSeconds: Int32

    public init(run: RunID, time: Timestamp, expectedSeconds: Int32) {
        self.run = run
        self.time = time
        self.expectedSeconds = expectedSeconds
    }
}

/// A run that has not ended.
public struct ActiveRun: Equatable, Sendable {
    public let id: RunID
    public let lifeCycleState: RunLifeCycleState

    public init(id: RunID, lifeCycleState: RunLifeCycleState) {
        self.id = id
        self.lifeCycleState = lifeCycleState
    }
}
