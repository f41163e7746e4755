// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Synchronization

/// Signals the execution of a run, once, that the run is to be stopped.
final class StopToken: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Bool, Never>)
        case tripped
    }

    private let state = Mutex(State.open)

    func trip() {
        let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
            defer { state = .tripped }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: true)
    }

    /// Waits for `trip`; false when the waiting task was cancelled instead. One waiter at a time.
    func wait() async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if case .tripped = state { return true }
                    if Task.isCancelled { return false }
                    state = .waiting(continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiting: CheckedContinuation<Bool, Never>? = state.withLock { state in
                guard case .waiting(let continuation) = state else { return nil }
                state = .open
                return continuation
            }
            waiting?.resume(returning: false)
        }
    }
}
