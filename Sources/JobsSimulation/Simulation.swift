// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain

/// One seed: a machine, a disk, servers that are killed and started, clients, and the checks of all that happens.
///
/// Proof of Sendable: used on the world's thread only.
final class Simulation: @unchecked Sendable {
    /// More steps than any seed takes; one that reaches this is in an endless loop.
    private static let maxSteps = 2_000_000

    let world: World
    let faults: FaultPlan
    let machine: Machine
    let disk: SimulatedDisk
    let ledger: Ledger
    let clients: Clients
    let tasks: TaskPlans
    var random: SeededRandom
    private(set) var life: ServerLife?
    private var lives = 0
    var isDone = false

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

    /// Runs the seed to completion.
    func run() -> SimulationReport {
        let faultPhase = random.within(15_000...60_000)
        startServer()
        clients.plan(faultPhase)
        planFaults(faultPhase)
        world.after(faultPhase) { [self] in endFaultPhase() }
        while world.violation == nil, !isDone {
            if !world.step() { world.fail("E8", "nothing happens any more, and runs are not ended") }
            if world.steps > Self.maxSteps { world.fail("E8", "it does not come to rest") }
        }
        // Ends the last server's remaining steps, so that its memory is freed.
        if let life, life.isAlive { life.crash(keepsCommit: false) }
        while world.hasLastWishes { _ = world.step() }
        world.end()
        return SimulationReport(
            seed: world.seed, violation: world.violation, steps: world.steps, runs: ledger.runs.count,
            servers: lives, digest: world.digest, trace: world.trace.lines)
    }

    // MARK: Servers

    func startServer() {
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

    private func planFaults(_ faultPhase: Int64) {
        for _ in 0..<faults.rates.crashes { world.after(random.within(0...faultPhase)) { [self] in crash() } }
        for _ in 0..<faults.rates.stops { world.after(random.within(0...faultPhase)) { [self] in stop() } }
        for _ in 0..<faults.rates.powerLosses {
            world.after(random.within(0...faultPhase)) { [self] in
                crash()
                machine.losePower()
            }
        }
        for _ in 0..<faults.rates.clockJumps {
            let isBack = random.chance(500)
            let span = isBack ? -random.within(1...120_000) : random.within(1...600_000)
            world.after(random.within(0...faultPhase)) { [self] in
                faults.trouble("the clock is set by \(span) ms")
                world.setWallClock(by: span)
            }
        }
    }
}
