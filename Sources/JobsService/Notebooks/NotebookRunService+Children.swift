// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsStore

/// What a notebook is told of a run that it has started.
public struct ChildRunState: Sendable {
    public let state: RunState
    /// What it gave to dbutils.notebook.exit.
    public let exitValue: String?
    /// Why it failed.
    public let error: String?
}

extension NotebookRunService {
    private static let maxWait = Duration.seconds(30)

    /// dbutils.notebook.run: answers once the run is stored.
    public func start(_ decoded: DecodedRequest<StartNotebookRequest>, of run: RunID) async throws -> Admission {
        let request = try decoded.checked()
        // Below the parent's id, so that no notebook gets hold of another one's run by its token.
        let token = "\(run)/\(request.idempotencyToken)"
        let child = NewChildRun(
            parent: run, path: request.path, arguments: request.arguments, timeoutSeconds: request.timeoutSeconds,
            idempotency: IdempotencyKey(token: token, request: "notebook.run \(request.path)"), time: clock.now)
        let admission = try await store.startChild(child)
        if admission.origin == .created { wakeUps.runsChanged([admission.runID]) }
        return admission
    }

    /// Answers when the run has ended, or the time has passed.
    public func wait(_ decoded: DecodedRequest<WaitForNotebookRequest>, of run: RunID) async throws -> ChildRunState {
        let request = try decoded.checked()
        var left = min(Duration.seconds(Int64(max(0, request.seconds))), Self.maxWait)
        while true {
            let seen = store.changeCount
            guard let state = try await store.state(ofChild: request.runID, of: run) else {
                throw APIError.runDoesNotExist(request.runID)
            }
            if !state.lifeCycleState.isActive || left <= .zero || isStopping() {
                return try await answer(state, of: request.runID)
            }
            // Nothing but a change of the store can end a run, and looking at its counter costs nothing.
            let pause = Duration.milliseconds(10)
            repeat {
                try await clock.sleep(for: pause)
                left -= pause
            } while store.changeCount == seen && left > .zero && !isStopping()
        }
    }

    private func answer(_ state: RunState, of run: RunID) async throws -> ChildRunState {
        if state.lifeCycleState.isActive { return ChildRunState(state: state, exitValue: nil, error: nil) }
        let output = try await outputs.output(of: run, limit: 0)
        guard state.resultState == .success else {
            let error = state.userCancelledOrTimedOut ? nil : output.error
            return ChildRunState(state: state, exitValue: nil, error: error ?? state.stateMessage)
        }
        return ChildRunState(state: state, exitValue: output.notebookResult?.result, error: nil)
    }
}
