// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// The drivers of a server, by the kind of task that each runs.
public struct TaskDriverRegistry: Sendable {
    private let drivers: [JobTask.Kind: any TaskDriver]

    public init(_ drivers: [JobTask.Kind: any TaskDriver]) { self.drivers = drivers }

    /// The kinds of tasks that can be run.
    public var kinds: Set<JobTask.Kind> { Set(drivers.keys) }

    /// nil for a kind that cannot be run.
    public subscript(kind: JobTask.Kind) -> (any TaskDriver)? { drivers[kind] }

    /// - Throws: `TaskFailure` for a kind that cannot be run.
    public func driver(of kind: JobTask.Kind) throws -> any TaskDriver {
        guard let driver = drivers[kind] else {
            throw TaskFailure("Tasks of the type \(kind.rawValue) cannot be run by this version of Lamplighter.")
        }
        return driver
    }

    /// The runs whose task ended by the deadline although that is not recorded yet: the server was down, or busy. They
    /// get their true result (contract E8).
    public func endedInTime(_ deadlines: [RunDeadline]) async -> Set<RunID> {
        var runs: Set<RunID> = []
        for deadline in deadlines {
            let end = await drivers[deadline.taskKind]?.inspect(deadline.run).recordedEnd
            if let end, end <= deadline.time { runs.insert(deadline.run) }
        }
        return runs
    }
}
