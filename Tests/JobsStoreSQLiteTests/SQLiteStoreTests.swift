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
        let temporary = try TemporaryStore()
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

    @Test("what was acknowledged is found by a store that is opened later")
    func reopening() async throws {
        let temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        let run = try await temporary.store.admit(.fixture(of: job, token: "t", at: Timestamp(milliseconds: 1)))
        let later = try temporary.reopened()
        #expect(try await later.run(run.runID)?.numberInJob == 1)
        #expect(try await later.admit(.fixture(of: job, token: "t", at: Timestamp(milliseconds: 2))).runID == run.runID)
    }

    @Test(
        "the schema itself refuses illegal edges, changed results and doubled numbers",
        arguments: [
            "UPDATE runs SET life_cycle_state = 'TERMINATED', result_state = 'SUCCESS', end_time = 1",
            "UPDATE runs SET life_cycle_state = 'SKIPPED', result_state = 'SUCCESS', end_time = 1",
            "UPDATE runs SET life_cycle_state = 'RUNNING', result_state = 'SUCCESS'",
            "UPDATE runs SET life_cycle_state = 'NONSENSE'",
            "UPDATE runs SET end_time = 1",
            """
            UPDATE runs SET life_cycle_state = 'TERMINATING', result_state = 'FAILED';
            UPDATE runs SET result_state = 'SUCCESS'
            """,
            """
            INSERT INTO runs SELECT run_id + 1, job_id, number_in_job, task_key, parent_run_id, original_attempt_run_id,
                attempt_number, definition_id, run_type, trigger_type, creator_user_name, run_name, overriding_parameters,
                life_cycle_state, result_state, state_message, user_cancelled_or_timedout, timeout_seconds, start_time,
                execution_start, execution_end, end_time, cluster_id, spark_context_id, exit_code, signal, cpu_ms,
                peak_memory_bytes FROM runs
            """,
            "DELETE FROM jobs",
            "UPDATE jobs SET max_concurrent_runs = 1001",
        ])
    func constraints(_ sql: String) async throws {
        let temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        _ = try await temporary.store.admit(.fixture(of: job, at: Timestamp(milliseconds: 1)))
        let queue = try DatabaseQueue(path: temporary.directory.path + "/test.sqlite")
        #expect(throws: DatabaseError.self) { try queue.write { db in try db.execute(sql: sql) } }
    }
}
