// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

/// What no answer shows: that the tables do not grow for ever.
@Suite("D10: which rows stay")
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

    private func remove(endedBefore cutoff: Timestamp?, at now: Timestamp) async throws {
        _ = try await store.removeExpired(RemovalRequest(now: now, cutoff: cutoff, limit: 100))
    }

    private func count(_ table: String, _ condition: String = "TRUE") throws -> Int {
        try DatabaseQueue(path: temporary.directory.path + "/test.sqlite").read { db in
            try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \(table) WHERE \(condition)") ?? -1
        }
    }

    @Test("of a removed run no transition, token, task value or warning stays")
    func rowsOfRun() async throws {
        var settings = JobSettings.fixture(maxConcurrentRuns: 9).expecting(seconds: [1])
        settings.timeoutSeconds = 0
        let job = try await store.createJob(settings, by: "a", at: t0)
        let run = try await store.admit(.fixture(of: job, token: "t", at: t0)).runID
        _ = try await store.record(.taskStarted, of: run, at: t0, facts: RunFacts())
        try await store.addRunToken(hash: [UInt8](repeating: 1, count: 32), of: run)
        try await store.setTaskValue("1", key: "k", by: run)
        _ = try await store.warnOfSlowRuns(at: at(2), sparing: [])
        let tables = ["run_transitions", "run_tokens", "task_values", "health_warnings"]
        for table in tables { #expect(try count(table) > 0, "\(table)") }
        try await end(run, at: at(3))
        try await remove(endedBefore: at(4), at: at(4))
        for table in tables + ["runs"] { #expect(try count(table) == 0, "\(table)") }
        #expect(try count("idempotency_tokens") == 1)
        try await remove(endedBefore: at(5), at: at(9))
        #expect(try count("idempotency_tokens") == 0)
    }

    @Test("of a deleted job nothing stays but that it was there")
    func deletedJob() async throws {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
        _ = try await store.createJob(.fixture(), by: "a", at: t0)
        let run = try await store.admit(.fixture(of: job, at: t0)).runID
        _ = try await store.deleteJob(job, at: at(2))
        try await remove(endedBefore: nil, at: at(3))
        #expect(try count("definitions", "definition_id > 0") == 2)
        _ = try await store.record(.cleanedUp, of: run, at: at(4), facts: RunFacts())
        try await remove(endedBefore: nil, at: at(5))
        #expect(try count("definitions", "definition_id > 0") == 1)
        #expect(try count("jobs") == 2)
    }

    @Test("a one-time run takes all of itself with it, and settings that were replaced go when no run has them")
    func definitions() async throws {
        let run = try await store.submit(.fixture(at: t0)).runID
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
        try await remove(endedBefore: at(3), at: at(3))
        #expect(try count("jobs") == 1)
        #expect(try count("definitions", "definition_id > 0") == 1)
        #expect(try count("runs") == 0)
    }
}
