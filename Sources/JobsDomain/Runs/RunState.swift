// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// "RunLifeCycleState"; the only transitions are those of `RunStateMachine`.
public enum RunLifeCycleState: String, Sendable, CaseIterable {
    /// Triggered; cluster and libraries are being prepared. Next: running, terminating (cancelled or timed out),
    /// skipped, internalError.
    case pending = "PENDING"
    /// The task is being executed. Next: terminating, internalError.
    case running = "RUNNING"
    /// The task has ended or is being ended, the cluster is being cleaned up. Next: terminated, internalError.
    case terminating = "TERMINATING"
    /// Terminal.
    case terminated = "TERMINATED"
    /// Terminal: max_concurrent_runs was reached.
    case skipped = "SKIPPED"
    /// Terminal: the service, not the task, failed.
    case internalError = "INTERNAL_ERROR"

    public var isActive: Bool {
        switch self {
        case .pending, .running, .terminating: true
        case .terminated, .skipped, .internalError: false
        }
    }
}

/// "RunResultState"; once set it never changes.
public enum RunResultState: String, Sendable, CaseIterable {
    case success = "SUCCESS"
    case failed = "FAILED"
    case timedOut = "TIMEDOUT"
    case canceled = "CANCELED"
}

/// "RunState".
public struct RunState: Equatable, Sendable {
    public var lifeCycleState: RunLifeCycleState
    public var resultState: RunResultState?
    public var stateMessage: String
    public var userCancelledOrTimedOut: Bool

    public init(
        _ lifeCycleState: RunLifeCycleState, _ resultState: RunResultState? = nil, message: String,
        userCancelledOrTimedOut: Bool = false
    ) {
        self.lifeCycleState = lifeCycleState
        self.resultState = resultState
        stateMessage = message
        self.userCancelledOrTimedOut = userCancelledOrTimedOut
    }
}
