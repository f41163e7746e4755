// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Why a run is stopped before its task has ended.
public enum StopReason: Equatable, Sendable {
    case canceledByUser
    case timedOut(afterSeconds: Int32)
    case jobDeleted
    /// The notebook that has started this run has ended, or is to end, without waiting for it.
    case parentEnded(RunID)
}

/// How a task ended by itself.
public enum TaskOutcome: Equatable, Sendable {
    case succeeded
    /// The message is for people: the last line of a traceback, `exit code 3`.
    case failed(message: String)
}

/// What can happen to a run.
public enum RunEvent: Equatable, Sendable {
    /// The cluster is ready and the intent to launch the task is recorded.
    case taskStarted
    case taskEnded(TaskOutcome)
    case stopRequested(StopReason)
    case cleanedUp
    case cleanUpFailed(message: String)
    /// The service could not prepare, launch or find the task again.
    case failedInternally(message: String)
}

/// The outcome of an event for a run's state.
public enum RunStateDecision: Equatable, Sendable {
    case move(to: RunState)
    /// The event came too late or is a duplicate; nothing changes, which is no error.
    case ignore
}

/// The transitions of the life cycle (contract E1, E2). Pure: the store calls it inside the transaction that writes.
public enum RunStateMachine {
    /// The state in which a run is admitted.
    public static let admitted = RunState(.pending, message: "Waiting for cluster")

    /// The state of a run that max_concurrent_runs keeps from starting.
    public static func skipped(limit: Int32) -> RunState {
        RunState(
            .skipped,
            message: "Skipping this run because the limit of \(limit) maximum concurrent runs has been reached.")
    }

    public static func decide(_ state: RunState, _ event: RunEvent) -> RunStateDecision {
        switch (state.lifeCycleState, event) {
        case (.terminated, _), (.skipped, _), (.internalError, _):
            return .ignore
        case (.pending, .taskStarted):
            return .move(to: RunState(.running, message: "In run"))
        case (.running, .taskEnded(let outcome)):
            return .move(to: ended(outcome))
        case (.pending, .stopRequested(let reason)), (.running, .stopRequested(let reason)):
            return .move(to: stopping(reason))
        case (.terminating, .cleanedUp):
            var next = state
            next.lifeCycleState = .terminated
            return .move(to: next)
        case (.pending, .failedInternally(let message)):
            return .move(to: RunState(.internalError, message: message))
        case (.running, .failedInternally(let message)):
            // The task was started, so the specification wants a result.
            return .move(to: RunState(.internalError, .failed, message: message))
        case (.terminating, .cleanUpFailed(let message)):
            var next = state
            next.lifeCycleState = .internalError
            next.stateMessage = message
            return .move(to: next)
        case (.running, .taskStarted), (.terminating, .taskStarted):
            return .ignore
        case (.pending, .taskEnded), (.terminating, .taskEnded), (.terminating, .failedInternally):
            // A cancel came before the end of the task, or caused it: the first result stays.
            return .ignore
        case (.terminating, .stopRequested), (.pending, .cleanedUp), (.running, .cleanedUp),
            (.pending, .cleanUpFailed), (.running, .cleanUpFailed):
            return .ignore
        }
    }

    private static func ended(_ outcome: TaskOutcome) -> RunState {
        switch outcome {
        case .succeeded: RunState(.terminating, .success, message: "")
        case .failed(let message): RunState(.terminating, .failed, message: message)
        }
    }

    private static func stopping(_ reason: StopReason) -> RunState {
        switch reason {
        case .canceledByUser:
            RunState(.terminating, .canceled, message: "Run cancelled.", userCancelledOrTimedOut: true)
        case .timedOut(let seconds):
            RunState(
                .terminating, .timedOut, message: "Run reached its timeout of \(seconds) seconds.",
                userCancelledOrTimedOut: true)
        case .jobDeleted:
            RunState(
                .terminating, .canceled, message: "Run cancelled because its job was deleted.",
                userCancelledOrTimedOut: true)
        case .parentEnded(let parent):
            RunState(
                .terminating, .canceled, message: "Run cancelled because run \(parent), which started it, has ended.",
                userCancelledOrTimedOut: true)
        }
    }
}
