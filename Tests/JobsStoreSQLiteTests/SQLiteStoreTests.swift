// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreConformance
import JobsStoreSQLite
import JobsTesting
import Testing

extension StoreCheck: CustomTestStringConvertible {
    public var testDescription: String { description }
}

@Suite("The store on SQLite")
struct SQLiteStoreTests {
    @Test("conforms", arguments: StoreConformance.checks)
    func conformance(_ check: StoreCheck) async throws {
        let temporary = try TemporaryStore(limits: check.limits)
        try await check.run(temporary.store)
    }

    @Test(
        "an acknowledged write survives the loss of power: write-ahead log with synchronous=FULL, and foreign keys hold"
    )
    func pragmas() async throws {
        let temporary = try TemporaryStore()
        #expect(try temporary.store.writerPragma("synchronous") == "2")
        #expect(try temporary.store.writerPragma("journal_mode") == "wal")
        #expect(try temporary.store.writerPragma("foreign_keys") == "1")
        // Also when the file was there before.
        #expect(try temporary.reopened().writerPragma("synchronous") == "2")
    }

    @Test("its files are for the owner alone")
    func permissions() async throws {
        let temporary = try TemporaryDirectory()
        let directory = temporary.path
        let store = try SQLiteStore.open(path: directory + "/lamplighter.sqlite")
        _ = try await store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        let files = try FileManager.default.contentsOfDirectory(atPath: directory)
        #expect(files.count == 3)
        for file in files {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        try store.close()
    }

    @Test("commands that come together are committed together, and each finds what the one before wrote")
    func groupCommit() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: Timestamp(milliseconds: 0))
        let before = store.commitStatistics
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask { _ = try await store.admit(.fixture(of: job, at: Timestamp(milliseconds: 1))) }
            }
            try await group.waitForAll()
        }
        let after = store.commitStatistics
        #expect(after.commands - before.commands == 500)
        #expect(after.commits - before.commits < 500)
        #expect(after.largestBatch > 1)
    }

    @Test("a cancel that reaches a whole tree of runs is one commit, after which all of them are told of")
    func cancelOfTree() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let job = try await store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        let top = try await store.admit(.fixture(of: job, at: Timestamp(milliseconds: 1))).runID
        var runs = [top]
        for _ in 0..<3 {
            let time = Timestamp(milliseconds: 2)
            _ = try await store.record(.taskStarted, of: runs[runs.count - 1], at: time, facts: RunFacts())
            runs.append(try await store.startChild(.fixture(of: runs[runs.count - 1], at: time)).runID)
        }
        let (commits, changes) = (store.commitStatistics.commits, store.changeCount)
        #expect(Set(try await store.cancelRun(top, at: Timestamp(milliseconds: 3))) == Set(runs))
        #expect(store.commitStatistics.commits == commits + 1)
        #expect(store.changeCount == changes + 1)
    }

    @Test("what was acknowledged is found by a store that is opened later")
    func reopening() async throws {
        let temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        let run = try await temporary.store.admit(.fixture(of: job, token: "t", at: Timestamp(milliseconds: 1)))
        let later = try temporary.reopened()
        #expect(try await later.run(run.runID)?.numberInJob == 1)
        #expect(try await later.admit(.fixture(of: job, token: "t", at: Timestamp(milliseconds: 2))).runID == run.runID)
    }

    /// What INSERT names of a run, but for its job, its number and its state.
    private static let columns = """
        task_key, task_kind, attempt_number, definition_id, run_type, trigger_type, creator_user_name, run_name, state_message,
        user_cancelled_or_timedout, timeout_seconds, start_time
        """

    @Test(
        "the schema itself refuses illegal edges, changed results, doubled numbers, instants and tokens",
        arguments: [
            Refusal.trigger(
                "no such edge in the life cycle of a run",
                "UPDATE runs SET life_cycle_state = 'TERMINATED', result_state = 'SUCCESS', end_time = 1"),
            .trigger("no such edge in the life cycle of a run", "UPDATE runs SET life_cycle_state = 'NONSENSE'"),
            .trigger(
                "a run begins PENDING or SKIPPED",
                """
                INSERT INTO runs (job_id, number_in_job, life_cycle_state, \(columns))
                SELECT job_id, 2, 'RUNNING', \(columns) FROM runs
                """),
            .check(
                "(result_state IS NULL) OR life_cycle_state IN",
                "UPDATE runs SET life_cycle_state = 'SKIPPED', result_state = 'SUCCESS', end_time = 1"),
            .check(
                "(result_state IS NULL) OR life_cycle_state IN",
                "UPDATE runs SET life_cycle_state = 'RUNNING', result_state = 'SUCCESS'"),
            .check(
                "(result_state IS NOT NULL) OR life_cycle_state NOT IN",
                "UPDATE runs SET life_cycle_state = 'TERMINATING'"),
            .check("(end_time IS NOT NULL) = (life_cycle_state IN", "UPDATE runs SET end_time = 1"),
            .trigger(
                "the result of a run never changes",
                """
                UPDATE runs SET life_cycle_state = 'TERMINATING', result_state = 'FAILED';
                UPDATE runs SET result_state = 'SUCCESS'
                """),
            .unique(
                "runs.job_id, runs.number_in_job",
                """
                INSERT INTO runs (job_id, number_in_job, life_cycle_state, \(columns))
                SELECT job_id, number_in_job, life_cycle_state, \(columns) FROM runs
                """),
            .unique(
                "runs.job_id, runs.fire_time",
                """
                UPDATE runs SET fire_time = 5;
                INSERT INTO runs (job_id, number_in_job, life_cycle_state, fire_time, \(columns))
                SELECT job_id, 2, life_cycle_state, fire_time, \(columns) FROM runs
                """),
            .primaryKey(
                "idempotency_tokens.token",
                """
                INSERT INTO idempotency_tokens (token, run_id, request_digest, created_time)
                SELECT token, run_id + 1, request_digest, created_time FROM idempotency_tokens
                """),
            .foreignKey("DELETE FROM jobs"),
            .check("max_concurrent_runs BETWEEN 0 AND 1000", "UPDATE jobs SET max_concurrent_runs = 1001"),
        ])
    func constraints(_ refusal: Refusal) async throws {
        let temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        _ = try await temporary.store.admit(.fixture(of: job, token: "t", at: Timestamp(milliseconds: 1)))
        try refusal.expect(in: temporary)
    }
}
