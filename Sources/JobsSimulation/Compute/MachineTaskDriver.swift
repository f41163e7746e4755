// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import TaskProcesses

/// Runs tasks on the simulated machine as the real drivers do on Linux: by supervisors, claims and exit records, judged
/// by the same `ProcessEvidence`.
struct MachineTaskDriver: TaskDriver {
    let machine: Machine
    let clock: VirtualClock
    let tasks: TaskPlans
    /// Kills the server.
    let crash: @Sendable () -> Void

    private var faults: FaultPlan { machine.faults }

    func cluster(for run: Run) throws -> ClusterInstance? { ClusterInstance(clusterID: .default) }

    func prepare(_ run: Run) async throws {
        try await clock.sleep(for: .milliseconds(tasks.plan(of: run.id).preparation))
        if faults.strikes(faults.rates.prepareFailure) { throw failure(.prepare, run.id) }
    }

    func start(_ run: Run) async throws -> TaskStart {
        try await step(run.id)
        machine.unfence(run.id)
        if machine.evidence(of: run.id).claim != nil { return .alreadyRunning }
        if faults.strikes(faults.rates.launchFailure) { throw failure(.launch, run.id) }
        machine.spawnSupervisor(of: run.id)
        try await step(run.id)
        return .started
    }

    func wait(for run: Run) async throws -> TaskEnd {
        if let child = machine.child(of: run.id) {
            try await exit(of: child)
            machine.forgetChild(of: run.id)
        }
        while true {
            try checkAlive()
            let evidence = machine.evidence(of: run.id)
            switch evidence.verdict {
            case .running: if let holder = holder(evidence) { try await exit(of: holder) }
            case .ended(let exit):
                let outcome: TaskOutcome =
                    exit.exitCode == 0 ? .succeeded : .failed(message: "exit code \(exit.exitCode)")
                let usage = TaskUsage(exitCode: exit.exitCode, signal: nil, cpuTime: .zero, peakMemory: 0)
                return .ended(outcome, at: exit.endedAt, usage: usage)
            case .lost: return .lost(message: "How the task ended is not known.")
            case .neverLaunched: return .lost(message: "The task could not be started.")
            }
        }
    }

    func inspect(_ run: RunID) async -> TaskStatus {
        var status = TaskStatus(sparkContextID: "app-\(run)")
        if case .ended(let exit) = machine.evidence(of: run).verdict { status.recordedEnd = exit.endedAt }
        return status
    }

    func stop(_ run: RunID) async {
        guard clock.isAlive else { return }
        let child = machine.child(of: run)
        if let child { machine.signal(child) }
        machine.fence(run)
        let evidence = machine.evidence(of: run)
        if evidence.isAlive, let holder = holder(evidence) {
            machine.signal(holder)
            try? await exit(of: holder)
        } else if let child {
            try? await exit(of: child)
        }
    }

    func cleanUp(_ run: RunID) async throws {
        try await step(run)
        if faults.strikes(faults.rates.cleanUpFailure) { throw failure(.cleanUp, run) }
        machine.forgetChild(of: run)
    }

    // MARK: Steps

    private func holder(_ evidence: ProcessEvidence<ExitRecord>) -> MachineProcess? {
        evidence.holderOfPID.flatMap { machine.process($0.pid) }
    }

    private func exit(of process: MachineProcess) async throws {
        await process.exited.wait()
        try Task.checkCancellation()
        try checkAlive()
    }

    /// A point at which the server may be killed.
    private func step(_ run: RunID) async throws {
        try checkAlive()
        if faults.strikes(faults.rates.crashAtLaunch) { crash() }
        try checkAlive()
        try await clock.sleep(for: .milliseconds(faults.within(0...1)))
    }

    /// A killed server has no effects.
    private func checkAlive() throws {
        if !clock.isAlive { throw CancellationError() }
    }

    private func failure(_ step: Machine.FailedStep, _ run: RunID) -> TaskFailure {
        machine.fails(step, of: run)
        return TaskFailure("The step \(step) failed.")
    }
}
