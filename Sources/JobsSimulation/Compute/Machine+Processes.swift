// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import TaskProcesses

/// Start and end of processes.
extension Machine {
    /// Starts a supervisor, a child of the server that runs.
    func spawnSupervisor(of run: RunID) {
        let process = newProcess(.supervisor(of: run))
        children[run] = process
        let isSlow = faults.strikes(faults.rates.slowSupervisor)
        let delay = isSlow ? faults.within(100...20_000) : faults.within(0...5)
        world.note("run \(run): supervisor \(process) is started\(isSlow ? ", and takes \(delay) ms to begin" : "")")
        let dies = faults.strikes(faults.rates.supervisorKilled / 4)
        world.after(delay) { [self] in
            guard process.isAlive else { return }
            if dies {
                // Before it has claimed anything.
                fails(.begin, of: run)
                end(process)
            } else {
                supervise(process, run)
            }
        }
    }

    private func supervise(_ process: MachineProcess, _ run: RunID) {
        var files = directories[run] ?? RunFiles()
        guard files.claim == nil else {
            world.note("run \(run): supervisor \(process) finds the directory claimed")
            return end(process)
        }
        files.claim = process.identity
        if faults.strikes(faults.rates.strayExit) { files.exit = strayExit(process) }
        directories[run] = files
        let plan = tasks.plan(of: run)
        fates[run] = .running
        world.note("run \(run): task starts under \(process), for \(plan.duration) ms")
        taskStarts(run)
        process.startedAt = world.wall
        process.task = plan
        world.after(plan.duration) { [self] in finish(process, run, plan.exit) }
        if faults.strikes(faults.rates.supervisorKilled) {
            world.after(faults.within(0...plan.duration)) { [self] in kill(process) }
        }
        if process.isAskedToEnd { signal(process) }
    }

    /// A record of another process that once had the same pid: its writer started at another time.
    private func strayExit(_ process: MachineProcess) -> (ProcessIdentity, ExitRecord) {
        let other = ProcessIdentity(
            pid: process.identity.pid, startTicks: process.identity.startTicks - 7, bootID: process.identity.bootID)
        return (other, ExitRecord(exitCode: faults.coin() ? 0 : 9, endedAt: world.wall))
    }

    /// SIGTERM.
    func signal(_ process: MachineProcess) {
        guard case .supervisor(let run) = process.kind else {
            return world.fail("E8", "a stranger, \(process), is sent a signal")
        }
        if !process.isAlive { return }
        process.isAskedToEnd = true
        guard let task = process.task else { return }
        world.note("run \(run): task is asked to end")
        taskIsSignalled(run)
        world.after(task.grace) { [self] in finish(process, run, 143) }
    }

    private func finish(_ process: MachineProcess, _ run: RunID, _ exitCode: Int32) {
        guard process.isAlive else { return }
        let record = ExitRecord(exitCode: exitCode, endedAt: world.wall)
        if faults.strikes(faults.rates.lostExit) {
            faults.trouble("run \(run): exit code \(exitCode) is lost")
            fates[run] = .unknown
        } else {
            world.note("run \(run): task ends with exit code \(exitCode)")
            fates[run] = .ended(record)
            directories[run]?.exit = (process.identity, record)
        }
        end(process)
    }

    private func kill(_ process: MachineProcess) {
        guard process.isAlive, case .supervisor(let run) = process.kind else { return }
        faults.trouble("run \(run): supervisor \(process) is killed")
        if process.task != nil { fates[run] = .unknown }
        end(process)
    }

    private func end(_ process: MachineProcess) {
        live[process.identity.pid] = nil
        process.isAlive = false
        process.exited.fire()
        if faults.strikes(faults.rates.pidReuse) {
            let stranger = newProcess(.stranger, pid: process.identity.pid)
            world.note("\(stranger), a stranger, has the pid now")
        }
    }

    private func newProcess(_ kind: MachineProcess.Kind, pid: Int32? = nil) -> MachineProcess {
        // Few pids, so that they are reused; more when all are taken.
        let most = 100 + max(20, Int32(live.count) * 2)
        var next = pid ?? lastPID
        while live[next] != nil { next = next >= most ? 101 : next + 1 }
        if pid == nil { lastPID = next >= most ? 101 : next + 1 }
        // A clock tick has 10 ms; two processes with the same pid never start in the same tick.
        let bootID = "boot-\(boot)"
        var ticks = (world.elapsed - bootedAt) / 10 * 10 + Int64(world.steps % 10)
        if let last = lastStarts[next], last.bootID == bootID { ticks = max(ticks, last.startTicks + 1) }
        let process = MachineProcess(kind, ProcessIdentity(pid: next, startTicks: ticks, bootID: bootID))
        lastStarts[next] = process.identity
        live[next] = process
        return process
    }

    /// A loss of power: all processes end, the files stay; the server was killed before.
    func losePower() {
        faults.trouble("the machine loses power")
        for pid in live.keys.sorted() {
            guard let process = live[pid] else { continue }
            if case .supervisor(let run) = process.kind, process.task != nil { fates[run] = .unknown }
            process.isAlive = false
            process.exited.fire()
        }
        live = [:]
        boot += 1
        bootedAt = world.elapsed
        lastPID = 100
    }
}
