// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Wakes the engine when there may be something to do. Every loop of the engine also polls, so a lost wake-up delays a
/// run but never loses one.
public protocol EngineWakeUps: Sendable {
    /// Runs were stored, or asked to stop.
    func runsChanged(_ runs: [RunID])
    /// Schedules were stored, changed or removed.
    func schedulesChanged()
}

/// Ignores every wake-up.
public struct NoEngineWakeUps: EngineWakeUps {
    public init() {}
    public func runsChanged(_ runs: [RunID]) {}
    public func schedulesChanged() {}
}
