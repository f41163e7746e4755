// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB

/// The result of a seed.
public struct SimulationReport: Sendable {
    public let seed: UInt64
    /// The first rule that was broken; nil: none.
    public let violation: Violation?
    public let steps: Int
    public let runs: Int
    /// How many times a server was started.
    public let servers: Int
    /// A digest of all steps: two executions with the same digest are the same.
    public let digest: UInt64
    /// One line per event, when asked for.
    public let trace: [String]
}

/// Runs seeds.
public struct Simulator: Sendable {
    private let template: DatabaseQueue

    public init() throws { template = try SimulatedDisk.template() }

    /// Runs a seed synchronously. Must not be called inside a task: the seed's tasks run on this thread.
    public func run(seed: UInt64, tracing: Bool = false) throws -> SimulationReport {
        try Simulation(seed: seed, template: template, trace: Trace(isOn: tracing)).run()
    }
}
