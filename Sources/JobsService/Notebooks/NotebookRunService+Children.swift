// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsStore

/// The state of a run, as the notebook that has started it receives it.
public struct ChildRunState: Sendable {
    public let state: RunState
    /// The argument of its dbutils.notebook.exit.
    public let exitValue: String?
    /// Why it failed.
    public let error: String?
}

extension NotebookRunService {
    private static let maxWait = Duration.seconds(30)

    /// dbutils.notebook.run: answers once the run is stored.
    public func start(_ decoded: DecodedRequest<StartNotebookRequest>, of run: RunID) async throws -> Admission {
        let request = try decoded.checked()
        // Below the parent's id, so that no notebook gets another one's run by using its token.
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
        let limit = min(Duration.seconds(Int64(max(0, request.seconds))), Self.maxWait)
        var state = try await state(of: request.runID, startedBy: run)
        if state.lifeCycleState.isActive, limit > .zero {
            await waitForEnd(of: request.runID, startedBy: run, atMost: limit)
            state = try await self.state(of: request.runID, startedBy: run)
        }
        return try await answer(state, of: request.runID)
    }

    /// Returns when the run has ended, the time has passed or the server stops.
    private func waitForEnd(of child: RunID, startedBy run: RunID, atMost limit: Duration) async {
        await withTaskGroup { group in
            group.addTask { await watch(child, startedBy: run) }
            group.addTask { try? await clock.sleep(for: limit) }
            if let untilStopping { group.addTask { await untilStopping() } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when the run has ended, nobody can look at it, or the task is cancelled.
    private func watch(_ child: RunID, startedBy run: RunID) async {
        var budget = LookBudget(at: clock.now)
        while !Task.isCancelled {
            // Read before the state: a change in between is seen by the next look.
            let seen = store.changeCount
            guard let state = try? await state(of: child, startedBy: run), state.lifeCycleState.isActive else { return }
            // Nothing but a change of the store can end a run.
            await store.waitForChange(after: seen)
            if !budget.spend(at: clock.now) { try? await clock.sleep(for: LookBudget.interval) }
        }
    }

    private func state(of child: RunID, startedBy run: RunID) async throws -> RunState {
        guard let state = try await store.state(ofChild: child, of: run) else {
            throw APIError.runDoesNotExist(child)
        }
        return state
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
