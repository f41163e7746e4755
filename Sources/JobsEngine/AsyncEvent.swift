// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Synchronization

/// Lets one loop sleep for a while or until a wake-up, whichever is first. Without a sleeper a wake-up stays pending.
public final class AsyncEvent: Sendable {
    private struct State {
        var isSignaled = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    public func signal() {
        let sleeper = state.withLock { state in
            state.isSignaled = true
            defer { state.sleeper = nil }
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns after `pause`, after a wake-up, or when the task is cancelled.
    func wait(atMost pause: Duration, clock: any WallClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(for: pause) }
            group.addTask { await self.waitForSignal() }
            await group.next()
            group.cancelAll()
        }
        state.withLock { $0.isSignaled = false }
    }

    private func waitForSignal() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    if state.isSignaled || Task.isCancelled { return true }
                    state.sleeper = continuation
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }?.resume()
        }
    }
}
