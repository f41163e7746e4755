// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Where the time comes from; tests move it by hand.
public protocol WallClock: Sendable {
    var now: Timestamp { get }
    /// Returns at `deadline` or, throwing, when the task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}
