// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Synchronization

/// A clock that stands still until a test moves it; sleepers wake when their time has come.
public final class ManualClock: WallClock {
    private enum Deadline {
        case at(Timestamp)
        /// When so much has passed since the clock was made, however it was set back.
        case after(Duration)
    }

    private struct Sleeper {
        let deadline: Deadline
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Timestamp
        var passed = Duration.zero
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0

        func time(of deadline: Deadline) -> Timestamp {
            switch deadline {
            case .at(let time): time
            case .after(let span): now + (span - passed)
            }
        }
    }

    private let state: Mutex<State>

    public init(milliseconds: Int64 = 1_700_000_000_000) {
        state = Mutex(State(now: Timestamp(milliseconds: milliseconds)))
    }

    public var now: Timestamp { state.withLock { $0.now } }

    /// When the first sleeper wakes; nil: nobody sleeps.
    public var nextDeadline: Timestamp? {
        state.withLock { state in state.sleepers.values.map { state.time(of: $0.deadline) }.min() }
    }

    public func advance(by span: Duration) {
        let due = state.withLock { state in
            state.now = state.now + span
            state.passed += max(span, .zero)
            let due = state.sleepers.filter { state.time(of: $0.value.deadline) <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    public func sleep(until deadline: Timestamp) async throws { try await sleep { _ in .at(deadline) } }

    public func sleep(for span: Duration) async throws { try await sleep { .after($0 + span) } }

    /// - Parameter deadline: made from what has passed so far.
    private func sleep(to deadline: (_ passed: Duration) -> Deadline) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDue = state.withLock { state in
                    let deadline = deadline(state.passed)
                    if state.now >= state.time(of: deadline) || Task.isCancelled { return true }
                    state.sleepers[id] = Sleeper(deadline: deadline, continuation: continuation)
                    return false
                }
                if isDue { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }
}
