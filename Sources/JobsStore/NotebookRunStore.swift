// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// The requests of running tasks to the server. Every method that changes something returns after its data is on disk.
public protocol NotebookRunStore: Sendable {
    /// Stores a token that is valid while the run's task runs.
    /// - Parameter hash: SHA-256 of the token.
    func addRunToken(hash: [UInt8], of run: RunID) async throws

    /// The run that has the token with this hash; nil when there is none, or its task does not run (any more).
    func running(tokenHash: [UInt8]) async throws -> RunID?

    /// Stores a run that another one has started (WORKFLOW_RUN): one of a notebook, with the cluster and the libraries
    /// of its parent, in a job of its own that jobs/list does not show. It is stopped when its parent ends.
    /// - Throws: `StoreError`: `.runIsNotRunning` for a parent that has ended or is to end, `.workflowTooDeep`, and the
    ///   workspace's limits.
    func startChild(_ child: NewChildRun) async throws -> Admission

    /// The state of a run that `parent` has started; nil when it has started no such run.
    func state(ofChild run: RunID, of parent: RunID) async throws -> RunState?

    /// Stores a value for later tasks in the same run of the job.
    /// - Parameter value: JSON.
    func setTaskValue(_ value: String, key: String, by run: RunID) async throws

    /// The value that a task of the same run of the job has stored; nil: none.
    func taskValue(key: String, taskKey: String, for run: RunID) async throws -> String?
}

/// A run that a notebook requests with dbutils.notebook.run.
public struct NewChildRun: Sendable {
    public let parent: RunID
    /// Of the notebook.
    public let path: String
    public let arguments: [String: String]
    /// 0: none.
    public let timeoutSeconds: Int32
    public let idempotency: IdempotencyKey?
    public let time: Timestamp

    public init(
        parent: RunID, path: String, arguments: [String: String], timeoutSeconds: Int32, idempotency: IdempotencyKey?,
        time: Timestamp
    ) {
        self.parent = parent
        self.path = path
        self.arguments = arguments
        self.timeoutSeconds = timeoutSeconds
        self.idempotency = idempotency
        self.time = time
    }

    /// How many ancestors a run may have, each waiting for the next.
    public static let maxDepth = 30

    /// The settings of the job that the run has to itself.
    public func settings(like parent: TaskSettings) -> JobSettings {
        var task = TaskSettings(
            task: .notebook(NotebookTask(notebookPath: path, baseParameters: arguments)), cluster: parent.cluster)
        task.libraries = parent.libraries
        var settings = JobSettings(name: path.split(separator: "/").last.map(String.init) ?? path, tasks: [task])
        settings.timeoutSeconds = timeoutSeconds
        return settings
    }
}
