// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import TaskProcesses

/// The machine beside the server: processes and the files of run directories. Both outlive the server; a loss of power
/// leaves the files alone.
///
/// Proof of Sendable: used on the world's thread only.
final class Machine: @unchecked Sendable {
    let world: World
    let faults: FaultPlan
    let tasks: TaskPlans
    var boot = 1
    var bootedAt: Int64 = 0
    var lastPID: Int32 = 100
    /// Who had a pid last.
    var lastStarts: [Int32: ProcessIdentity] = [:]
    var live: [Int32: MachineProcess] = [:]
    var directories: [RunID: RunFiles] = [:]
    /// The true outcome of each task, for the checks.
    var fates: [RunID: TaskFate] = [:]
    /// The steps of runs at which a failure was injected.
    private(set) var failedSteps: [RunID: Set<FailedStep>] = [:]
    /// Called for every task that is really started, and for every one that is signalled to end.
    var taskStarts: (RunID) -> Void = { _ in }
    var taskIsSignalled: (RunID) -> Void = { _ in }
    /// The running server's children by run.
    var children: [RunID: MachineProcess] = [:]

    init(world: World, faults: FaultPlan, tasks: TaskPlans) {
        self.world = world
        self.faults = faults
        self.tasks = tasks
    }

    // MARK: What a server sees

    func child(of run: RunID) -> MachineProcess? { children[run] }
    func forgetChild(of run: RunID) { children[run] = nil }
    func serverEnded() { children = [:] }

    func process(_ pid: Int32) -> MachineProcess? { live[pid] }

    func evidence(of run: RunID) -> ProcessEvidence<ExitRecord> {
        let files = directories[run] ?? RunFiles()
        let holder = files.claim.flatMap { live[$0.pid] }
        return ProcessEvidence(claim: files.claim, holderOfPID: holder?.identity, exit: files.exit)
    }

    /// Claims the directory so that no supervisor can, unless one has (a fence).
    func fence(_ run: RunID) {
        var files = directories[run] ?? RunFiles()
        if files.claim == nil { files.claim = .nobody }
        directories[run] = files
    }

    /// Removes a fence.
    func unfence(_ run: RunID) {
        if directories[run]?.claim == .nobody { directories[run]?.claim = nil }
    }

    // MARK: For the checks

    enum FailedStep: String { case prepare, launch, cleanUp, begin }

    func fails(_ step: FailedStep, of run: RunID) {
        faults.trouble("run \(run): \(step) fails")
        failedSteps[run, default: []].insert(step)
    }

    /// Whether a task of the run is alive.
    func runsTask(of run: RunID) -> Bool {
        live.values.contains { process in
            if case .supervisor(run) = process.kind { process.task != nil } else { false }
        }
    }
}
