// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

extension RunEvent {
    /// Every event once, with every outcome and every reason.
    public static let examples = Array(sequence(first: RunEvent.taskStarted, next: \.nextExample))

    /// A chain through all cases: one that is added to `RunEvent` does not compile before it has its place here.
    private var nextExample: RunEvent? {
        switch self {
        case .taskStarted: .taskEnded(.succeeded)
        case .taskEnded(.succeeded): .taskEnded(.failed(message: "boom"))
        case .taskEnded(.failed): .stopRequested(.canceledByUser)
        case .stopRequested(.canceledByUser): .stopRequested(.timedOut(afterSeconds: 5))
        case .stopRequested(.timedOut): .stopRequested(.jobDeleted)
        case .stopRequested(.jobDeleted): .stopRequested(.parentEnded(RunID(1)))
        case .stopRequested(.parentEnded): .cleanedUp
        case .cleanedUp: .cleanUpFailed(message: "x")
        case .cleanUpFailed: .failedInternally(message: "y")
        case .failedInternally: nil
        }
    }
}

extension RunState {
    /// Every life cycle state with every result that it may have (contract E2).
    public static let possible = RunLifeCycleState.allCases.flatMap { state in
        state.possibleResults.map { RunState(state, $0, message: "m") }
    }
}

extension RunLifeCycleState {
    fileprivate var possibleResults: [RunResultState?] {
        switch self {
        case .pending, .running, .skipped: [nil]
        case .terminating, .terminated: RunResultState.allCases
        case .internalError: [nil] + RunResultState.allCases
        }
    }
}
