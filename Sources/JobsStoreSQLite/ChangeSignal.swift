// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Synchronization

/// A counter that one side advances, and any number of tasks wait for.
final class ChangeSignal: Sendable {
    private struct Waiters {
        var continuations: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
    }

    private let counter = Atomic<UInt64>(0)
    private let waiters = Mutex(Waiters())

    var count: UInt64 { counter.load(ordering: .sequentiallyConsistent) }

    /// How many tasks wait, for tests.
    var waiting: Int { waiters.withLock { $0.continuations.count } }

    /// `wake` must follow.
    func advance() { counter.add(1, ordering: .sequentiallyConsistent) }

    /// Wakes all who wait for a count that was reached.
    func wake() {
        let woken = waiters.withLock { waiters in
            defer { if !waiters.continuations.isEmpty { waiters.continuations = [:] } }
            return waiters.continuations
        }
        for continuation in woken.values { continuation.resume() }
    }

    /// Returns when the count is greater than `count`, or the task is cancelled.
    func wait(after count: UInt64) async {
        if self.count > count { return }
        let id = waiters.withLock { waiters in
            waiters.nextID += 1
            return waiters.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Looked at under the lock: an advance that is not seen here is followed by a wake that sees this waiter.
                let isOver = waiters.withLock { waiters in
                    if self.count > count || Task.isCancelled { return true }
                    waiters.continuations[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            waiters.withLock { $0.continuations.removeValue(forKey: id) }?.resume()
        }
    }
}
