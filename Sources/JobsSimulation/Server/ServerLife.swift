// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsEngine
import JobsStoreSQLite
import Logging

/// A server from its start to its end: the engine's services and the requests that it answers. All of it is volatile.
///
/// A crash cuts the server off between two steps: all further operations of its tasks fail, and the tasks end; then
/// nothing of it is left.
///
/// Proof of Sendable: used on the world's thread only.
final class ServerLife: @unchecked Sendable {
    let number: Int
    let world: World
    let executor: SimulatedExecutor
    let clock: VirtualClock
    let wakeUps = EngineEvents()
    let store: SQLiteStore
    private let disk: SimulatedDisk
    private let machine: Machine
    private let drivers: TaskDriverRegistry
    /// Discards its lines: the world's trace records events.
    private let silence = Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() })
    private var tasks: [Int: Task<Void, Never>] = [:]
    private var nextTask = 0
    private var whenStopped: (() -> Void)?

    init(number: Int, world: World, disk: SimulatedDisk, machine: Machine) {
        self.number = number
        self.world = world
        self.disk = disk
        self.machine = machine
        executor = SimulatedExecutor(world: world)
        clock = VirtualClock(world: world, executor: executor)
        store = SQLiteStore(driver: SimulatedDriver(disk: disk, executor: executor), logger: silence)
        let driver = MachineTaskDriver(
            machine: machine, clock: clock, tasks: machine.tasks, crash: { [disk] in disk.crash() })
        drivers = TaskDriverRegistry(Dictionary(uniqueKeysWithValues: JobTask.Kind.allCases.map { ($0, driver) }))
    }

    var isAlive: Bool { !executor.isDead }
    /// Neither crashed nor asked to stop.
    private(set) var takesRequests = true

    func start() {
        world.note("server \(number) starts")
        let dispatcher = RunDispatcher(
            store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: silence)
        let watcher = TimeoutWatcher(
            store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: silence)
        let scheduler = TriggerScheduler(store: store, wakeUps: wakeUps, clock: clock, logger: silence)
        spawn { await dispatcher.work() }
        spawn { await watcher.service.work() }
        spawn { await scheduler.service.work() }
    }

    /// Runs a task of this server.
    func spawn(_ body: @escaping @Sendable () async -> Void) {
        nextTask += 1
        let id = nextTask
        tasks[id] = Task(executorPreference: executor) {
            await body()
            self.ended(id)
        }
    }

    private func ended(_ id: Int) {
        tasks[id] = nil
        guard tasks.isEmpty, let whenStopped else { return }
        self.whenStopped = nil
        whenStopped()
    }

    /// The server is killed.
    /// - Parameter keepsCommit: whether a commit in flight reaches the disk.
    func crash(keepsCommit: Bool) {
        guard isAlive else { return }
        world.note("server \(number) is killed")
        world.bury(executor)
        takesRequests = false
        disk.abandon(keepsCommit: keepsCommit)
        machine.serverEnded()
        cancelAll()
    }

    /// The server is asked to stop, as by SIGTERM.
    func stop(then whenStopped: @escaping () -> Void) {
        world.note("server \(number) stops")
        takesRequests = false
        self.whenStopped = whenStopped
        cancelAll()
    }

    private func cancelAll() { for id in tasks.keys.sorted() { tasks[id]?.cancel() } }

    /// To be called once all remaining steps of a killed server are done.
    func checkGone() {
        if !tasks.isEmpty { world.fail("E8", "\(tasks.count) tasks of a server that was stopped do not end") }
    }

    /// Releases what only a running server holds.
    func letGo() {
        machine.serverEnded()
        world.bury(executor)
    }
}
