// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// What tasks have written, for get-output.
public protocol TaskOutputs: Sendable {
    /// The first `limit` bytes of what the run's task has written so far.
    func output(of run: RunID, limit: Int) async throws -> TaskOutput
    /// The notebook of a run, and the results of its cells so far; nil when it runs none, or has not started it yet.
    func notebook(of run: RunID) async throws -> NotebookRecord?
    /// Removes all output of a run.
    func removeOutput(of run: RunID) async throws
    /// Runs that have output, in no order.
    func runsWithOutput() async throws -> [RunID]
}

extension TaskOutputs {
    public func notebook(of run: RunID) async throws -> NotebookRecord? { nil }
}

public struct TaskOutput: Equatable, Sendable {
    /// Standard output, then standard error.
    public var logs: String
    public var logsTruncated: Bool
    /// The last line of a failed task's traceback.
    public var error: String?
    public var errorTrace: String?
    /// Of a notebook that has succeeded.
    public var notebookResult: NotebookResult?

    public init(
        logs: String = "", logsTruncated: Bool = false, error: String? = nil, errorTrace: String? = nil,
        notebookResult: NotebookResult? = nil
    ) {
        self.notebookResult = notebookResult
        self.logs = logs
        self.logsTruncated = logsTruncated
        self.error = error
        self.errorTrace = errorTrace
    }
}
