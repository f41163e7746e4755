// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import JobsServerTesting
import JobsStore
import JobsTesting
import Testing

@testable import JobsStoreSQLite

@Suite("runs/list at any offset")
struct RunListTests {
    @Test(
        "pages are those of a naive list, through any history of runs and jobs that come, change, move and go",
        arguments: 1...4 as ClosedRange<UInt64>)
    func anyHistory(seed: UInt64) async throws {
        var history = try await RunHistory(seed: seed)
        for round in 1...12 {
            try await history.goOn(steps: 60)
            #expect(try await history.store.faultsOfRunOffsetIndex() == [], "seed \(seed), round \(round)")
            try await history.comparePages("seed \(seed), round \(round)")
        }
        // Else nothing of the above was tested.
        #expect(
            try await history.store.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM run_blocks") ?? 0 } > 20
        )
        try await history.store.rebuildRunOffsetIndex()
        #expect(try await history.store.faultsOfRunOffsetIndex() == [])
        try await history.comparePages("seed \(seed), rebuilt")
    }

    @Test("runs that are counted nowhere, or twice, are noticed and mended")
    func faults() async throws {
        let history = try await RunHistory(seed: 1, steps: 200)
        try await history.store.writer.write { db in
            try db.execute(
                sql: "UPDATE run_blocks SET run_count = run_count + 1 WHERE job_id = 0 AND run_type = 'JOB_RUN'")
        }
        #expect(try await !history.store.faultsOfRunOffsetIndex().isEmpty)
        try await history.store.rebuildRunOffsetIndex()
        #expect(try await history.store.faultsOfRunOffsetIndex() == [])
    }

    @Test("a thousand runs in order change no block but the one that they fill")
    func writesInOrder() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: Timestamp(milliseconds: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<1100 {
                group.addTask { _ = try await store.admit(.fixture(of: job, at: Timestamp(milliseconds: 5))) }
            }
            try await group.waitForAll()
        }
        let blocks = try await store.read { db in
            try Row.fetchAll(db, sql: "SELECT job_id, run_count FROM run_blocks ORDER BY job_id, until_run_id")
                .map { row in [row[0] as Int64, row[1]] }
        }
        #expect(blocks == [[0, 511], [0, 512], [job.rawValue, 511], [job.rawValue, 512]])
        #expect(try await store.faultsOfRunOffsetIndex() == [])
        let page = try await store.runs(RunQuery(jobID: job, offset: 1090, limit: 20))
        #expect(page.runs.map(\.id.rawValue) == (1...10).reversed())
        #expect(!page.hasMore)
    }

    @Test("a database from before the blocks is counted when it is opened")
    func migration() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/old.sqlite"
        try OldDatabase.make(path, runs: 1500)
        let store = try SQLiteStore(path: path)
        #expect(try await store.faultsOfRunOffsetIndex() == [])
        let counted = try await store.read { db in
            try Int.fetchAll(db, sql: "SELECT SUM(run_count) FROM run_blocks GROUP BY job_id ORDER BY job_id")
        }
        // All runs but those of the deleted job; of the large job; the newest of each list are in no block.
        #expect(counted == [1024, 1024])
        let page = try await store.runs(RunQuery(offset: 1200, limit: 5))
        #expect(page.runs.map(\.id.rawValue) == [300, 299, 298, 297, 296])
    }

    @Test(
        "the schema refuses runs that would be counted wrongly",
        arguments: [
            Refusal.trigger("a run keeps its id, its job and its type", "UPDATE runs SET run_type = 'SUBMIT_RUN'"),
            .trigger("a run keeps its id, its job and its type", "UPDATE runs SET job_id = 2"),
            .trigger("a run keeps its id, its job and its type", "UPDATE runs SET run_id = 77"),
            .trigger(
                "a deleted job has no new runs",
                """
                UPDATE jobs SET deleted_time = 1;
                INSERT INTO runs (job_id, number_in_job, task_key, task_kind, attempt_number, definition_id, run_type, trigger_type,
                    creator_user_name, run_name, life_cycle_state, state_message, user_cancelled_or_timedout,
                    timeout_seconds, start_time)
                SELECT job_id, 2, task_key, task_kind, 0, definition_id, run_type, trigger_type, '', '', 'PENDING', '', 0, 0, 1
                FROM runs
                """),
        ])
    func constraints(_ refusal: Refusal) async throws {
        let temporary = try TemporaryStore()
        for _ in 1...2 {
            _ = try await temporary.store.createJob(.fixture(), by: "a", at: Timestamp(milliseconds: 0))
        }
        _ = try await temporary.store.admit(.fixture(of: JobID(1), at: Timestamp(milliseconds: 1)))
        try refusal.expect(in: temporary)
    }
}

/// A database as programs before `V005_RunOffsetIndex` left it.
private enum OldDatabase {
    /// Runs of one job, and three of a deleted one.
    static func make(_ path: String, runs: Int) throws {
        let queue = try DatabaseQueue(path: path)
        try Migrations.migrator.migrate(queue, upTo: "V004_Retention")
        try queue.write { db in
            for job in 1...2 {
                // As SQL: today's records have other columns.
                try db.execute(
                    sql: """
                        INSERT INTO definitions (definition_id, settings, settings_v2_0, task_v2_0, cluster_spec_v2_0)
                            VALUES (\(job), ?, '{}', '{}', '{}');
                        INSERT INTO jobs (job_id, is_submission, creator_user_name, created_time, definition_id,
                            max_concurrent_runs, timeout_seconds, run_name) VALUES (\(job), 0, 'a', 0, \(job), 1, 0, 'a')
                        """, arguments: [JSONWriter.text { $0.object(JobSettings.fixture().write) }])
            }
            for number in 1...(runs + 3) {
                try db.execute(
                    sql: """
                        UPDATE jobs SET last_number = last_number + 1 WHERE job_id = \(number > runs ? 2 : 1);
                        INSERT INTO runs (job_id, number_in_job, task_key, attempt_number, definition_id, run_type,
                            trigger_type, creator_user_name, run_name, life_cycle_state, state_message,
                            user_cancelled_or_timedout, timeout_seconds, start_time, end_time)
                        SELECT job_id, last_number, 'main', 0, 1, 'JOB_RUN', 'ONE_TIME', 'a', 'a', 'SKIPPED', '', 0, 0, \(number), \(number)
                        FROM jobs WHERE job_id = \(number > runs ? 2 : 1)
                        """)
            }
            try db.execute(sql: "UPDATE jobs SET deleted_time = 1 WHERE job_id = 2")
        }
        try queue.close()
    }
}
