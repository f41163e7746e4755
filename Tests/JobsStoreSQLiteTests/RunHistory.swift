// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsTesting
import Testing

@testable import JobsStoreSQLite

/// A random history of runs and jobs, the same for the same seed, in a store whose blocks are so small that they are
/// closed, split and emptied all the time; and a naive list to compare pages with.
struct RunHistory {
    private let temporary: TemporaryStore
    private var random: SeededGenerator
    private var jobs: [JobID] = []
    private var now: Int64 = 1_700_000_000_000

    var store: SQLiteStore { temporary.store }

    init(seed: UInt64, steps: Int = 0) async throws {
        temporary = try TemporaryStore()
        random = SeededGenerator(seed: seed)
        try await store.writer.write { db in
            for name in try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
            where name.hasSuffix("_of_type") || name.hasSuffix("_of_job") {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
            try db.execute(sql: V005_RunOffsetIndex.blockTriggers(blockSize: 4))
        }
        if steps > 0 { try await goOn(steps: steps) }
    }

    mutating func goOn(steps: Int) async throws {
        for _ in 0..<steps { try await step() }
    }

    private mutating func step() async throws {
        // Time goes on, stands still, and is set back or forward now and then.
        now += [0, 0, 1, 1, 2, 5, -3, -40, 60].randomElement(using: &random)!
        let time = Timestamp(milliseconds: now)
        if jobs.count < 4 {
            let settings = JobSettings.fixture(
                maxConcurrentRuns: [0, 1000].randomElement(using: &random)!, maxRetries: 1, minRetryIntervalMillis: 70)
            jobs.append(try await store.createJob(settings, by: "a", at: time))
        }
        let job = jobs.randomElement(using: &random)!
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<50: _ = try await store.admit(.fixture(of: job, at: time))
        case 50..<58: _ = try await store.submit(.fixture(at: time))
        case 58..<63: try await insertWorkflowRun(of: job)
        case 63..<72: try await record(.failedInternally(message: "x"), at: time)  // makes retries that wait
        case 72..<80: try await record(.stopRequested(.canceledByUser), at: time)  // moves those
        case 80..<85: try await record(.cleanedUp, at: time)
        case 85..<96: try await deleteRun()
        case 96..<98: try await purge()
        default:
            _ = try await store.deleteJob(job, at: time)
            jobs.removeAll { $0 == job }
        }
    }

    private mutating func record(_ event: RunEvent, at time: Timestamp) async throws {
        guard let run = try await store.activeRuns().randomElement(using: &random) else { return }
        _ = try await store.record(event, of: run.id, at: time, facts: RunFacts())
    }

    /// No command makes such runs yet.
    private func insertWorkflowRun(of job: JobID) async throws {
        let record = NewRunRecord(
            jobID: job, taskKey: "main", taskKind: .sparkPython, definitionID: DefinitionID(1), runType: .workflowRun,
            trigger: .oneTime,
            creatorUserName: "a", runName: "a", state: RunState(.skipped, nil, message: ""), timeoutSeconds: 0,
            startTime: Timestamp(milliseconds: now))
        try await store.writer.write { db in _ = try record.insert(at: record.startTime, in: db) }
    }

    private mutating func deleteRun() async throws {
        let completed = try await naiveList(RunQuery(activity: .completedOnly, offset: 0, limit: 1))
        if let run = completed.randomElement(using: &random) {
            try await store.deleteRun(run, at: Timestamp(milliseconds: now))
        }
    }

    /// Removes some runs of deleted jobs, as cleaning up does later.
    private mutating func purge() async throws {
        let keep = Int.random(in: 0...3, using: &random)
        try await store.writer.write { db in
            try db.execute(
                sql: "DELETE FROM runs WHERE job_id IN (SELECT job_id FROM hidden_jobs) AND run_id % 4 >= ?",
                arguments: [keep])
        }
    }

    /// Compares one page of every filter, half of them bounded by a run, with the naive list.
    mutating func comparePages(_ when: String) async throws {
        let newest = try await store.read { try Int64.fetchOne($0, sql: "SELECT MAX(run_id) FROM runs") ?? 0 }
        for jobID in [nil] + jobs.map(Optional.some) + [JobID(1)] {
            for runType in [nil] + RunType.allCases.map(Optional.some) {
                for activity in [RunQuery.Activity.any, .activeOnly, .completedOnly] {
                    var query = RunQuery(jobID: jobID, activity: activity, runType: runType, offset: 0, limit: 1)
                    if Bool.random(using: &random) {
                        query.newestRunID = RunID(Int64.random(in: 1...(newest + 1), using: &random))
                    }
                    try await comparePages(query, when)
                }
            }
        }
    }

    private mutating func comparePages(_ query: RunQuery, _ when: String) async throws {
        let list = try await naiveList(query)
        for _ in 1...3 {
            var query = query
            query.offset = Int.random(in: 0...(list.count + 1), using: &random)
            query.limit = Int.random(in: 1...30, using: &random)
            let expected = Array(list.dropFirst(query.offset).prefix(query.limit))
            // By blocks, and by walking.
            let far = try await store.read { [query, definitions = store.definitions] db in
                try RunPageQuery(query, maxScan: -1, in: db).page(definitions, db)
            }
            for page in [far, try await store.runs(query)] {
                #expect(page.runs.map(\.id) == expected, "\(when): \(query)")
                #expect(page.hasMore == (query.offset + query.limit < list.count), "\(when): \(query)")
            }
        }
    }

    /// The ids of all runs of a query, by looking at every run.
    private func naiveList(_ query: RunQuery) async throws -> [RunID] {
        try await store.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT run_id, job_id, run_type, start_time, end_time FROM runs NOT INDEXED JOIN jobs USING (job_id)
                    WHERE deleted_time IS NULL
                    """)
            return rows.filter { query.shows($0) }
                .map { row in RunKey(startTime: row["start_time"], runID: row["run_id"]) }
                .sorted(by: >).map { RunID($0.runID) }
        }
    }
}

extension RunQuery {
    fileprivate func shows(_ row: Row) -> Bool {
        let isActive = row["end_time"] as Int64? == nil
        switch activity {
        case .activeOnly where !isActive, .completedOnly where isActive: return false
        default: break
        }
        return (jobID.map { $0.rawValue == row["job_id"] } ?? true)
            && (runType.map { $0.rawValue == row["run_type"] } ?? true)
            && (newestRunID.map { $0.rawValue >= row["run_id"] } ?? true)
    }
}
