// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs the tasks of runs somewhere.
///
/// Everything is keyed by the run's id and kept outside the server, so that each call may be repeated by a server that
/// was started later: preparing again uses what is ready, launching again is harmless, waiting takes up the task where
/// it is. Cancelling the Swift task that calls leaves processes alone; only `stop` ends them.
public protocol TaskRunner: Sendable {
    /// The cluster that the run will use.
    /// - Throws: `TaskFailure` when there is no such cluster.
    func cluster(for run: Run) throws -> ClusterInstance

    /// Makes cluster, files and libraries ready.
    /// - Throws: `TaskFailure` with a message for people, or `CancellationError`.
    func prepare(_ run: Run) async throws

    /// Starts the task, unless it was started before. The run is RUNNING when this is called: that is the recorded
    /// intent.
    /// - Throws: `TaskFailure`.
    func launch(_ run: Run) async throws

    /// Waits until the task and all its processes are gone.
    /// - Throws: `CancellationError`.
    func end(of run: Run) async throws -> TaskEnd

    /// When the task ended, where it has and left a record of that; does not wait.
    func recordedEnd(of run: RunID) async -> Timestamp?

    /// The cluster as it is known by now, with the Spark application once there is one.
    func instance(of run: Run) async -> ClusterInstance?

    /// Ends every process of the run: asks, and after the grace period kills. Returns when none is left.
    func stop(_ run: RunID) async

    /// Tears the run's cluster down and removes what only a running task needs.
    func cleanUp(_ run: RunID) async throws
}

extension TaskRunner {
    /// Those whose task had ended when it should have: the server was down, or has not yet come to recording it. They
    /// get their true result (contract E8).
    public func endedInTime(_ deadlines: [RunDeadline]) async -> Set<RunID> {
        var runs: Set<RunID> = []
        for deadline in deadlines {
            if let end = await recordedEnd(of: deadline.run), end <= deadline.time { runs.insert(deadline.run) }
        }
        return runs
    }
}

/// How a task came to its end.
public enum TaskEnd: Equatable, Sendable {
    case ended(TaskOutcome, at: Timestamp, usage: TaskUsage)
    /// It was started, and nobody knows what became of it.
    case lost(message: String)
}

/// The service could not do its part; the message is for people.
public struct TaskFailure: Error, Equatable, Sendable {
    public let message: String

    public init(_ message: String) { self.message = message }
}
