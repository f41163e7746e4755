// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Shows whether anything was written since an answer was built (for caching).
public protocol ChangeCounter: Sendable {
    /// Incremented by every change of jobs and runs, before that change is acknowledged.
    var changeCount: UInt64 { get }

    /// Returns when `changeCount` is greater than `count`, or the task is cancelled. Those who wait cost nothing until
    /// then.
    func waitForChange(after count: UInt64) async
}
