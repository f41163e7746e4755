// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("D10: what is removed, and what stays")
struct RetentionTests {
    private let temporary: TemporaryStore
    private let t0 = Timestamp(milliseconds: 1_700_000_000_000)

    private var store: SQLiteStore { temporary.store }

    init() throws { temporary = try TemporaryStore() }

    private func at(_ seconds: Int) -> Timestamp { t0 + .seconds(seconds) }

    private func end(_ run: RunID, at time: Timestamp) async throws {
        _ = try await store.cancelRun(run, at: time)
        _ = try await store.record(.cleanedUp, of: run, at: time, facts: RunFacts())
    }

    private func remove(endedBefore cutoff: Timestamp?, at now: Timestamp, limit: Int = 100) async throws -> Removal {
        try await store.removeExpired(RemovalRequest(now: now, cutoff: cutoff, limit: limit))
    }

    private func count(_ table: String, _ condition: String = "TRUE") throws -> Int {
        try DatabaseQueue(path: temporary.directory.path + "/test.sqlite").read { db in
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table) WHERE \(condition)") ?? -1
        }
    }

    @Test("a run goes when it ended before the cutoff; active runs stay, however old")
    func runs() async throws {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
        var runs: [RunID] = []
        for second in 0..<4 {
            runs.append(try await store.admit(.fixture(of: job, at: at(second))).runID)
        }
        for index in 0..<3 { try await end(runs[index], at: at(10 + index)) }
        #expect(
            try await remove(endedBefore: at(12), at: at(1000)) == Removal(runs: [runs[0], runs[1]], isPartial: false))
        #expect(try await store.runs(RunQuery(offset: 0, limit: 10)).runs.map(\.id) == [runs[3], runs[2]])
        #expect(try await store.existing(runs) == [runs[2], runs[3]])
        #expect(try count("run_transitions", "run_id NOT IN (SELECT run_id FROM runs)") == 0)
        // Numbers go on.
        #expect(try await store.admit(.fixture(of: job, at: at(20))).numberInJob == 5)
    }

    @Test("removal goes in portions and says when there is more")
    func portions() async throws {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
        for _ in 0..<5 { _ = try await store.admit(.fixture(of: job, at: t0)) }
        let first = try await remove(endedBefore: at(1), at: at(1), limit: 3)
        #expect(first.runs.count == 3 && first.isPartial)
        let second = try await remove(endedBefore: at(1), at: at(1), limit: 3)
        #expect(second.runs.count == 2 && !second.isPartial)
    }

    @Test("the token of a removed run launches nothing until its tombstone is as old as runs become")
    func tombstones() async throws {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
        let run = try await store.admit(.fixture(of: job, token: "t", at: t0)).runID
        try await end(run, at: at(1))
        _ = try await remove(endedBefore: at(2), at: at(100))
        await #expect(throws: StoreError.idempotencyTokenOfDeletedRun(token: "t", run: run)) {
            _ = try await store.admit(.fixture(of: job, token: "t", at: at(101)))
        }
        _ = try await remove(endedBefore: at(100), at: at(199))
        await #expect(throws: StoreError.self) { _ = try await store.admit(.fixture(of: job, token: "t", at: at(200))) }
        _ = try await remove(endedBefore: at(101), at: at(200))
        #expect(try await store.admit(.fixture(of: job, token: "t", at: at(201))).origin == .created)
    }

    @Test("of a deleted job nothing stays but that it was there; its runs go once they have ended")
    func deletedJob() async throws {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
        _ = try await store.createJob(.fixture(), by: "a", at: t0)
        let ended = try await store.admit(.fixture(of: job, at: t0)).runID
        try await end(ended, at: at(1))
        let active = try await store.admit(.fixture(of: job, at: t0)).runID
        _ = try await store.deleteJob(job, at: at(2))
        #expect(try await remove(endedBefore: nil, at: at(3)).runs == [ended])
        #expect(try count("definitions", "definition_id > 0") == 2)
        _ = try await store.record(.cleanedUp, of: active, at: at(4), facts: RunFacts())
        #expect(try await remove(endedBefore: nil, at: at(5)).runs == [active])
        #expect(try count("definitions", "definition_id > 0") == 1)
        #expect(try await remove(endedBefore: nil, at: at(6)) == Removal(runs: [], isPartial: false))
        #expect(try await store.deleteJob(job, at: at(7)) == [])
        await #expect(throws: StoreError.jobDoesNotExist(job)) {
            _ = try await store.admit(.fixture(of: job, at: at(8)))
        }
    }

    @Test("a one-time run takes all of itself with it, and settings that were replaced go when no run has them")
    func definitions() async throws {
        let run = try await store.submit(
            NewSubmission(settings: .fixture(), idempotency: nil, creatorUserName: "a", time: t0)
        ).runID
        let job = try await store.createJob(.fixture(name: "one", maxConcurrentRuns: 10), by: "a", at: t0)
        let ofJob = try await store.admit(.fixture(of: job, at: t0)).runID
        for name in ["two", "three"] {
            try await store.changeSettings(of: job, at: at(1)) { settings in
                var settings = settings
                settings.name = name
                return settings
            }
        }
        #expect(try count("definitions", "definition_id > 0") == 3, "the run's, one, three")
        try await end(run, at: at(2))
        try await end(ofJob, at: at(2))
        _ = try await remove(endedBefore: at(3), at: at(3))
        #expect(try count("jobs") == 1)
        #expect(try count("definitions", "definition_id > 0") == 1)
        #expect(try count("runs") == 0)
    }
}
