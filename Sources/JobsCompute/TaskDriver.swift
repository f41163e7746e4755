// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs the tasks of one kind.
///
/// Everything is keyed by the run's id and kept outside the server, so that each call may be repeated by a server that
/// was started later: every call is idempotent, and waiting reattaches to the running task. Cancelling the calling
/// Swift task does not affect the run's task; only `stop` ends it.
public protocol TaskDriver: Sendable {
    /// The cluster that the run will use; nil for a task that has compute of its own.
    /// - Throws: `TaskFailure` when there is no such cluster.
    func cluster(for run: Run) throws -> ClusterInstance?

    /// Makes cluster, files and libraries ready.
    /// - Throws: `TaskFailure` with a message for people, or `CancellationError`.
    func prepare(_ run: Run) async throws

    /// Starts the task, unless it was started before. The run is RUNNING when this is called: that is the recorded
    /// intent.
    /// - Throws: `TaskFailure`.
    func start(_ run: Run) async throws -> TaskStart

    /// Waits until the task and everything that it has started are gone.
    /// - Throws: `CancellationError`.
    func wait(for run: Run) async throws -> TaskEnd

    /// The task's status; does not wait.
    func inspect(_ run: RunID) async -> TaskStatus

    /// Ends everything that the run has started: SIGTERM, and SIGKILL after the grace period. Returns when all is gone.
    func stop(_ run: RunID) async

    /// Tears the run's cluster down and removes what only a running task needs.
    func cleanUp(_ run: RunID) async throws
}

/// Whether a call has started the task.
public enum TaskStart: Equatable, Sendable {
    case started
    /// An earlier call has, perhaps by a previous server process.
    case alreadyRunning
}

/// The observable status of a task while it runs, and afterwards.
public struct TaskStatus: Equatable, Sendable {
    /// When the task ended, if it has and left an exit record.
    public var recordedEnd: Timestamp?
    /// The Spark application, once there is one.
    public var sparkContextID: String?

    public init(recordedEnd: Timestamp? = nil, sparkContextID: String? = nil) {
        self.recordedEnd = recordedEnd
        self.sparkContextID = sparkContextID
    }
}

/// How a task ended.
public enum TaskEnd: Equatable, Sendable {
    case ended(TaskOutcome, at: Timestamp, usage: TaskUsage)
    /// It was started, and its outcome is unknown.
    case lost(message: String)
}

/// The service, not the task, failed; the message is for people.
public struct TaskFailure: Error, Equatable, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
