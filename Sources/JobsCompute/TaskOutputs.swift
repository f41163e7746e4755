// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// What tasks have written, for get-output.
public protocol TaskOutputs: Sendable {
    /// The first `limit` bytes of what the run's task has written so far.
    func output(of run: RunID, limit: Int) async throws -> TaskOutput
    /// The notebook that a run runs, and what its cells have done so far; nil when it runs none, or has not got that far.
    func notebook(of run: RunID) async throws -> NotebookRecord?
    /// Removes everything that a run has left.
    func removeOutput(of run: RunID) async throws
    /// Runs that have left something, in no order.
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
    /// Of a notebook that has ended well.
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
