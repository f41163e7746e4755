// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain

/// One seed: a machine, a disk, servers that are killed and started, clients, and the checks of all that happens.
///
/// Proof of Sendable: used on the world's thread only.
final class Simulation: @unchecked Sendable {
    /// So many steps no seed takes; one that does goes round in circles.
    private static let mostSteps = 2_000_000

    private let world: World
    private let faults: FaultPlan
    private let machine: Machine
    private let disk: SimulatedDisk
    private let ledger: Ledger
    private let clients: Clients
    private let tasks: TaskPlans
    private var random: SeededRandom
    private var life: ServerLife?
    private var lives = 0
    private var isDone = false

    init(seed: UInt64, template: DatabaseQueue, trace: Trace) throws {
        random = SeededRandom(seed: seed, stream: 4)
        // A day of January 2026, when no zone of the workload changes its offset.
        let start = Timestamp(milliseconds: 1_768_000_000_000 + random.within(0...86_400_000))
        world = World(seed: seed, wall: start, trace: trace)
        faults = FaultPlan(world: world)
        tasks = TaskPlans(seed: seed)
        machine = Machine(world: world, faults: faults, tasks: tasks)
        disk = try SimulatedDisk(world: world, faults: faults, template: template)
        let versions = JobVersions()
        ledger = Ledger(world: world, faults: faults, machine: machine, versions: versions)
        clients = Clients(world: world, faults: faults, ledger: ledger, versions: versions)
        disk.committed = { [unowned self] in ledger.committed($0) }
        disk.crash = { [unowned self] in crash() }
        clients.server = { [unowned self] in life }
    }

    /// Runs the seed to its end.
    func run() -> SimulationReport {
        let storm = random.within(15_000...60_000)
        startServer()
        clients.plan(storm)
        planFaults(storm)
        world.after(storm) { [self] in endStorm() }
        while world.violation == nil, !isDone {
            if !world.step() { world.fail("E8", "nothing happens any more, and runs are not ended") }
            if world.steps > Self.mostSteps { world.fail("E8", "it does not come to rest") }
        }
        // What is left of the last server, so that its memory is given back.
        if let life, life.isAlive { life.crash(keepsCommit: false) }
        while world.hasLastWishes { _ = world.step() }
        return SimulationReport(
            seed: world.seed, violation: world.violation, steps: world.steps, runs: ledger.runs.count,
            servers: lives, digest: world.digest, trace: world.trace.lines)
    }

    // MARK: Servers

    private func startServer() {
        lives += 1
        faults.trouble("server \(lives) was not there before")
        let life = ServerLife(number: lives, world: world, disk: disk, machine: machine)
        self.life = life
        life.start()
    }

    private func crash() {
        guard let life, life.isAlive else { return }
        life.crash(keepsCommit: faults.coin())
        world.after(0) { life.checkGone() }
        restartLater()
    }

    private func stop() {
        guard let life, life.takesRequests else { return }
        life.stop { [self] in
            guard life.isAlive else { return }
            life.letGo()
            restartLater()
        }
    }

    private func restartLater() {
        life = nil
        let isLong = random.chance(150)
        faults.trouble("no server is there")
        world.after(isLong ? random.within(20_000...90_000) : random.within(50...5000)) { [self] in
            if life == nil, !isDone { startServer() }
        }
    }

    private func planFaults(_ storm: Int64) {
        for _ in 0..<faults.rates.crashes { world.after(random.within(0...storm)) { [self] in crash() } }
        for _ in 0..<faults.rates.stops { world.after(random.within(0...storm)) { [self] in stop() } }
        for _ in 0..<faults.rates.powerLosses {
            world.after(random.within(0...storm)) { [self] in
                crash()
                machine.losePower()
            }
        }
        for _ in 0..<faults.rates.clockJumps {
            let isBack = random.chance(500)
            let span = isBack ? -random.within(1...120_000) : random.within(1...600_000)
            world.after(random.within(0...storm)) { [self] in
                faults.trouble("the clock is set by \(span) ms")
                world.setWallClock(by: span)
            }
        }
    }

    // MARK: The end

    /// Nothing goes wrong any more: everything has to be on time, and in the end to be done.
    private func endStorm() {
        world.note("the storm is over")
        faults.isStormy = false
        if life == nil { startServer() }
        world.after(random.within(17_000...40_000)) { [self] in
            tasks.areEasy = true
            closeJobs()
            world.after(1000) { [self] in awaitRest(secondsLeft: 900) }
        }
    }

    /// Takes the schedule of every job away.
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

    /// D3, E8: whatever was acknowledged is there, once.
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

/// What a seed came to.
public struct SimulationReport: Sendable {
    public let seed: UInt64
    /// The first rule that was broken; nil: none.
    public let violation: Violation?
    public let steps: Int
    public let runs: Int
    /// How many times a server was started.
    public let servers: Int
    /// Made from every step: two courses with the same digest are the same.
    public let digest: UInt64
    /// One line per event, when asked for.
    public let trace: [String]
}

/// Runs seeds.
public struct Simulator: Sendable {
    private let template: DatabaseQueue

    public init() throws { template = try SimulatedDisk.template() }

    /// Runs a seed, here and now. Must not be called inside a task: the seed's tasks run on this thread.
    public func run(seed: UInt64, tracing: Bool = false) throws -> SimulationReport {
        try Simulation(seed: seed, template: template, trace: Trace(isOn: tracing)).run()
    }
}
