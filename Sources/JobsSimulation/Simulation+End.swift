// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// The final phase of a seed, and its checks.
extension Simulation {
    /// Without faults, everything has to be on time, and in the end to be done.
    func endFaultPhase() {
        world.note("fault injection is over")
        faults.isInjecting = false
        if life == nil { startServer() }
        world.after(random.within(17_000...40_000)) { [self] in
            tasks.areEasy = true
            closeJobs()
            world.after(1000) { [self] in awaitRest(secondsLeft: 900) }
        }
    }

    /// Removes the schedule of every job.
    private func closeJobs() {
        for job in clients.visibleJobs {
            var version = clients.versions.make(&clients.random)
            version.schedule = nil
            clients.change(job, to: version)
        }
    }

    private func awaitRest(secondsLeft: Int) {
        let hasSchedules = ledger.jobs.values.contains { $0.schedules.last.map { $0.through == nil } ?? false }
        if ledger.activeRuns == 0, !hasSchedules { return rest() }
        if secondsLeft == 0 {
            let runs = ledger.runs.values.filter(\.isActive).map { "\($0.id) \($0.state)" }.sorted()
            return world.fail("E8", "these runs do not end: \(runs.joined(separator: ", "))")
        }
        if hasSchedules, secondsLeft % 30 == 0 { closeJobs() }
        world.after(1000) { [self] in awaitRest(secondsLeft: secondsLeft - 1) }
    }

    private func rest() {
        life?.stop { [self] in
            ledger.checkInstants()
            checkAcknowledged()
            isDone = true
        }
        world.after(60_000) { [self] in
            if !isDone { world.fail("E8", "a server that was asked to stop does not") }
        }
    }

    /// D3, E8: everything acknowledged is stored, exactly once.
    private func checkAcknowledged() {
        let asked = ledger.runs.values.count { $0.trigger == "ONE_TIME" }
        if asked > clients.acknowledgements.requests {
            world.fail("D3", "\(asked) runs for \(clients.acknowledgements.requests) requests")
        }
        do {
            let ids = try disk.read { db in try Int64.fetchSet(db, sql: "SELECT run_id FROM runs") }
            for run in clients.acknowledgements.runs where !ids.contains(run.rawValue) {
                world.fail("E8", "run \(run), which was acknowledged, is gone")
            }
            if ids.count != ledger.runs.count {
                world.fail("E8", "\(ids.count) of \(ledger.runs.count) runs are there")
            }
        } catch {
            world.fail("simulation", "\(error)")
        }
        for job in clients.acknowledgements.jobs where ledger.jobs[job] == nil {
            world.fail("E8", "job \(job), which was acknowledged, is gone")
        }
    }
}
