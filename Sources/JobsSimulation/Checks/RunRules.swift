// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// E1, E2, E5: the life cycle of a run; E8: what the run says is what its task did.
extension Ledger {
    private static let edges: Set<String> = [
        "PENDING>RUNNING", "RUNNING>TERMINATING", "TERMINATING>TERMINATED", "PENDING>TERMINATING",
        "PENDING>INTERNAL_ERROR", "RUNNING>INTERNAL_ERROR", "TERMINATING>INTERNAL_ERROR",
    ]

    func stateChanged(_ entry: JournalEntry) {
        guard let run = runs[entry.run], let job = jobs[run.job] else {
            return world.fail("E8", "run \(entry.run) changes and was never made")
        }
        world.note("run \(run.id): \(run.state) -> \(entry.state) \(entry.result ?? "")")
        let before = run.state
        if entry.earlier != before || !Self.edges.contains("\(before)>\(entry.state)") {
            world.fail("E1", "run \(run.id) went from \(before) to \(entry.state)")
        }
        if let result = run.result, result != entry.result {
            world.fail("E2", "the result of run \(run.id) changed from \(result) to \(entry.result ?? "nothing")")
        }
        let wasActive = run.isActive
        let isNewResult = run.result == nil
        (run.state, run.result, run.start) = (entry.state, entry.result, entry.start)
        if run.state == "TERMINATING" { run.terminatingSince = world.elapsed }
        switch (before, entry.state) {
        case (_, "RUNNING"):
            run.wasRunning = true
            checkStart(run)
        case (_, "TERMINATING") where isNewResult: checkResult(run)
        case (_, "INTERNAL_ERROR"): checkInternalError(run, before)
        default: break
        }
        if wasActive && !run.isActive { ended(run, job) }
    }

    private func ended(_ run: RunEntry, _ job: JobEntry) {
        job.activeRuns -= 1
        activeRuns -= 1
        // A grace period of 5 seconds at most, a poll every 10, and a supervisor that takes 20 to start.
        if faults.isCalm, let since = run.terminatingSince, world.elapsed - since > 40_000 {
            world.fail("E8", "run \(run.id) was TERMINATING for \(world.elapsed - since) ms")
        }
        if machine.runsTask(of: run.id) { world.fail("E1", "run \(run.id) has ended, and its task goes on") }
        oweRetry(after: run, job)
    }

    private func checkStart(_ run: RunEntry) {
        // Before the clock was set back, it may have shown this time.
        if run.start > world.latestWall { world.fail("E4", "run \(run.id) is RUNNING before its start_time") }
        let waited = world.wall - max(run.start, run.madeAt)
        // Two polls, 5 seconds apart, or the wait for a retry's start time, and at most 3 seconds of preparation.
        if faults.isCalm, waited > .seconds(15) {
            world.fail("E8", "run \(run.id) waited \(waited.wholeMilliseconds) ms for nothing")
        }
    }

    private func checkResult(_ run: RunEntry) {
        switch run.result {
        case "CANCELED":
            if !askedToStop.contains(run.id), !askedToStopAll.contains(run.job) {
                world.fail("D6", "run \(run.id) is CANCELED, and nobody asked for that")
            }
        case "TIMEDOUT": checkTimeout(run)
        default:
            guard case .ended(let record)? = machine.fates[run.id] else {
                return world.fail("E8", "run \(run.id) is \(run.result ?? ""), and its task has no known end")
            }
            if (record.exitCode == 0) != (run.result == "SUCCESS") {
                world.fail("E8", "run \(run.id) is \(run.result ?? ""), its task had exit code \(record.exitCode)")
            }
        }
    }

    private func checkTimeout(_ run: RunEntry) {
        let deadline = Timestamp(milliseconds: run.start.milliseconds + run.timeout * 1000)
        if run.timeout == 0 || deadline > world.latestWall {
            world.fail("E5", "run \(run.id) is TIMEDOUT before its time")
        }
        let due = max(deadline, run.timeoutChangedAt)
        if faults.isCalm, world.wall - due > .milliseconds(1500) {
            world.fail("E5", "run \(run.id) was stopped \((world.wall - due).wholeMilliseconds) ms after its timeout")
        }
    }

    private func checkInternalError(_ run: RunEntry, _ before: String) {
        let failed = machine.failedSteps[run.id] ?? []
        let isTrue: Bool =
            switch before {
            case "PENDING": failed.contains(.prepare)
            case "TERMINATING": failed.contains(.cleanUp)
            default:
                failed.contains(.launch) || failed.contains(.begin) || machine.fates[run.id] == .unknown
            }
        if !isTrue {
            world.fail("E8", "run \(run.id) is INTERNAL_ERROR after \(before), and nothing of it had failed")
        }
    }

    // MARK: The task

    func taskStarts(_ id: RunID) {
        guard let run = runs[id] else { return world.fail("E8", "a task of run \(id), which is not stored, starts") }
        run.taskStarts += 1
        if run.taskStarts > 1 { world.fail("E8", "run \(id) is launched twice") }
        if run.state != "RUNNING", run.state != "TERMINATING" {
            world.fail("E8", "the task of run \(id) starts while the run is \(run.state)")
        }
        if run.state == "TERMINATING", !run.wasRunning {
            world.fail("E8", "the task of run \(id) starts, and the run was never RUNNING")
        }
    }

    func taskIsSignalled(_ id: RunID) {
        guard let run = runs[id], run.state == "RUNNING" || run.state == "PENDING" else { return }
        if machine.failedSteps[id]?.contains(.launch) != true, machine.failedSteps[id]?.contains(.begin) != true {
            world.fail("E8", "the task of run \(id), which is \(run.state), is ended")
        }
    }
}
