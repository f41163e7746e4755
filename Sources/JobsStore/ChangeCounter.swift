// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Tells whether anything was written since an answer was made.
public protocol ChangeCounter: Sendable {
    /// Grows with every change of jobs and runs, before that change is acknowledged to anybody.
    var changeCount: UInt64 { get }

    /// Returns when `changeCount` is greater than `count`, or the task is cancelled. Those who wait cost nothing until
    /// then.
    func waitForChange(after count: UInt64) async
}
