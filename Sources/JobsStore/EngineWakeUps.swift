// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Tells the engine that there may be something to do. Only hints: every loop of the engine also looks on its own, so
/// a lost hint costs a moment, not a run.
public protocol EngineWakeUps: Sendable {
    /// Runs were stored, or asked to stop.
    func runsChanged(_ runs: [RunID])
    /// Schedules were stored, changed or removed.
    func schedulesChanged()
}

/// Nobody listens.
public struct NoEngineWakeUps: EngineWakeUps {
    public init() {}
    public func runsChanged(_ runs: [RunID]) {}
    public func schedulesChanged() {}
}
