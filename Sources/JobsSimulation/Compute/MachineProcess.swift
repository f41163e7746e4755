// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import TaskProcesses

/// A process of the simulated machine.
///
/// Proof of Sendable: used on the world's thread only.
final class MachineProcess: @unchecked Sendable, CustomStringConvertible {
    enum Kind {
        case supervisor(of: RunID)
        /// An unrelated process that reuses a supervisor's pid.
        case stranger
    }

    let kind: Kind
    let identity: ProcessIdentity
    var isAlive = true
    let exited = OneShot()
    /// The task, once the supervisor has claimed its directory.
    var task: TaskPlan?
    var startedAt: Timestamp?
    var isAskedToEnd = false

    init(_ kind: Kind, _ identity: ProcessIdentity) {
        self.kind = kind
        self.identity = identity
    }

    var description: String { "\(identity.pid)/\(identity.startTicks)/\(identity.bootID)" }
}

/// The files of a run's task.
struct RunFiles {
    var claim: ProcessIdentity?
    var exit: (writer: ProcessIdentity, record: ExitRecord)?
}

struct ExitRecord: Equatable, Sendable {
    let exitCode: Int32
    let endedAt: Timestamp
}

/// The true outcome of a task that was started.
enum TaskFate: Equatable {
    case running
    case ended(ExitRecord)
    /// Cannot be known: its supervisor was killed.
    case unknown
}

/// The scripted behaviour of a run's task.
struct TaskPlan {
    /// Milliseconds.
    let preparation: Int64
    let duration: Int64
    let exit: Int32
    /// Milliseconds from SIGTERM to the end.
    let grace: Int64
}

/// The tasks of all runs; each is decided by the seed and the run alone.
///
/// Proof of Sendable: used on the world's thread only.
final class TaskPlans: @unchecked Sendable {
    private let seed: UInt64
    /// From now on tasks are quick and succeed, so that retries come to an end.
    var areEasy = false

    init(seed: UInt64) { self.seed = seed }

    func plan(of run: RunID) -> TaskPlan {
        var random = SeededRandom(seed: seed, stream: 1000 + UInt64(run.rawValue))
        let isLong = random.chance(200)
        let plan = TaskPlan(
            preparation: random.chance(500) ? 0 : random.within(1...3000),
            duration: isLong ? random.within(5000...40_000) : random.within(0...4000),
            exit: random.chance(550) ? 0 : Int32(random.within(1...3)),
            grace: random.chance(700) ? random.within(0...50) : random.within(50...5000))
        if areEasy { return TaskPlan(preparation: 0, duration: 100, exit: 0, grace: plan.grace) }
        return plan
    }
}
