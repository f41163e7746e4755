// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Where the time comes from, and all waiting for it; tests move it by hand, simulations by their own events.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
    /// Returns after `span`, whatever the clock is set to meanwhile, or, throwing, when the task is cancelled.
    func sleep(for span: Duration) async throws
    /// Returns when the clock shows `deadline` or, throwing, when the task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}

extension WallClock {
    /// Reads the clock again every 10 seconds: it may be set during the sleep.
    public func sleep(until deadline: Timestamp) async throws {
        while true {
            let left = deadline - now
            guard left > .zero else { return }
            try await sleep(for: min(left, .seconds(10)))
        }
    }
}
