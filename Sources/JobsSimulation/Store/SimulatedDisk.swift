// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsStoreSQLite

/// The database file: what was committed outlives every server. Commits take time and may fail.
///
/// Proof of Sendable: used on the world's thread only.
final class SimulatedDisk: @unchecked Sendable {
    private let world: World
    private let faults: FaultPlan
    private let queue: DatabaseQueue
    private let gate = CommitGate()
    /// The write in flight, which the server's writer waits for.
    private var inFlight: (@Sendable (Database) -> Void)?
    /// The number of that write.
    private var ticket = 0
    /// Called with the changes of each commit.
    var committed: ([JournalEntry]) -> Void = { _ in }
    /// Kills the server.
    var crash: () -> Void = {}

    /// - Parameter template: a database that has been migrated.
    init(world: World, faults: FaultPlan, template: DatabaseQueue) throws {
        self.world = world
        self.faults = faults
        queue = try DatabaseQueue(configuration: Self.configuration)
        try template.backup(to: queue)
        try queue.writeWithoutTransaction { db in try Journal.start(in: db) }
        queue.add(transactionObserver: gate, extent: .databaseLifetime)
    }

    /// An empty database with all tables.
    static func template() throws -> DatabaseQueue {
        let queue = try DatabaseQueue(configuration: configuration)
        try SQLiteStore.migrate(queue)
        return queue
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA temp_store = MEMORY") }
        return configuration
    }

    func write(_ work: @escaping @Sendable (Database) -> Void) {
        inFlight = work
        ticket += 1
        let mine = ticket
        world.after(faults.commitLatency()) { [self] in
            // Otherwise a killed server has abandoned it.
            guard ticket == mine, inFlight != nil else { return }
            switch faults.commitFate() {
            case .reachesDisk: commit(failure: nil)
            case .fails(let code): commit(failure: DatabaseError(resultCode: code))
            case .crashBefore: crash()
            case .crashAfter:
                commit(failure: nil)
                crash()
            }
        }
    }

    /// The server was killed: its commit has reached the disk just in time, or is lost.
    func abandon(keepsCommit: Bool) {
        if inFlight != nil { commit(failure: keepsCommit ? nil : DatabaseError(resultCode: .SQLITE_INTERRUPT)) }
    }

    /// Fails a write of a killed server.
    func refuse(_ work: @escaping @Sendable (Database) -> Void) {
        world.atOnce { [self] in
            inFlight = work
            ticket += 1
            abandon(keepsCommit: false)
        }
    }

    private func commit(failure: DatabaseError?) {
        guard let work = inFlight else { return }
        inFlight = nil
        if let failure { world.note("a commit fails: \(failure.resultCode)") }
        gate.failure = failure
        queue.writeWithoutTransaction(work)
        gate.failure = nil
        do {
            let entries = try queue.unsafeRead { db in try Journal.take(in: db) }
            if !entries.isEmpty { committed(entries) }
        } catch {
            world.fail("simulation", "the journal cannot be read: \(error)")
        }
    }

    /// Waits for the simulated latency of a reader.
    func pause() async {
        let isOver = OneShot()
        world.after(faults.readLatency()) { isOver.fire() }
        await isOver.wait()
    }

    func read<T>(_ query: (Database) throws -> T) throws -> T { try queue.unsafeRead(query) }
}

/// Lets commits fail at the last moment, as a full disk does.
private final class CommitGate: TransactionObserver {
    var failure: DatabaseError?

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { false }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseWillCommit() throws {
        if let failure { throw failure }
    }
    func databaseDidCommit(_ db: Database) {}
    func databaseDidRollback(_ db: Database) {}
}

/// One server's access to the disk.
struct SimulatedDriver: DatabaseDriver {
    let disk: SimulatedDisk
    let executor: SimulatedExecutor

    /// A killed server has no access.
    struct ServerIsDead: Error {}

    func scheduleWrite(_ work: @escaping @Sendable (Database) -> Void) {
        if executor.isDead { disk.refuse(work) } else { disk.write(work) }
    }

    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T {
        // Other steps may run between the request and the read.
        await disk.pause()
        return try readBriefly(query)
    }

    func readBriefly<T>(_ query: (Database) throws -> T) throws -> T {
        if executor.isDead { throw ServerIsDead() }
        return try disk.read(query)
    }

    func useWriter<T>(_ body: (Database) throws -> T) throws -> T { try readBriefly(body) }

    func close() throws {}
}
