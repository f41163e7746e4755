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
    /// What the server's writer waits for.
    private var inFlight: (@Sendable (Database) -> Void)?
    /// Which of all writes that is.
    private var ticket = 0
    /// Called with what each commit has changed.
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
            // Else abandoned by a server that was killed.
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

    /// The server is dead: its commit has reached the disk just in time, or is lost.
    func abandon(keepsCommit: Bool) {
        if inFlight != nil { commit(failure: keepsCommit ? nil : DatabaseError(resultCode: .SQLITE_INTERRUPT)) }
    }

    /// A dead server's task wants to write.
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

    /// For as long as a reader's thread may take.
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

/// The disk as one server reaches it.
struct SimulatedDriver: DatabaseDriver {
    let disk: SimulatedDisk
    let executor: SimulatedExecutor

    /// A killed server reaches nothing.
    struct ServerIsDead: Error {}

    func scheduleWrite(_ work: @escaping @Sendable (Database) -> Void) {
        if executor.isDead { disk.refuse(work) } else { disk.write(work) }
    }

    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws -> T {
        // Others may come between the question and the answer.
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
