// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    public func run(_ run: RunID) async throws -> RunView? {
        try readBriefly { db in
            try Row.fetchOne(
                try db.cachedStatement(sql: RunViewRecord.sql + " WHERE r.run_id = ? AND j.deleted_time IS NULL"),
                arguments: [run.rawValue]
            ).map(RunViewRecord.view)
        }
    }

    public func runs(_ query: RunQuery) async throws -> RunPage {
        let (sql, arguments) = Self.pageQuery(query)
        let page = { @Sendable (db: Database) in
            let rows = try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: arguments)
            return RunPage(
                runs: rows.prefix(query.limit).map(RunViewRecord.view), hasMore: rows.count > query.limit)
        }
        // The first pages are what everybody polls; only they are sure to be found at once.
        return query.offset + query.limit <= 200 && query.activity != .completedOnly
            ? try readBriefly(page) : try await read(page)
    }

    /// One row more than the page holds, so that `hasMore` is exact. The page's ids come from an index alone; only
    /// they are joined.
    public static func pageQuery(_ query: RunQuery) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let job = query.jobID {
            conditions.append("job_id = ?")
            arguments += [job.rawValue]
        }
        let activeStates = "('PENDING', 'RUNNING', 'TERMINATING')"
        switch query.activity {
        case .any: break
        case .activeOnly: conditions.append("life_cycle_state IN \(activeStates)")
        case .completedOnly: conditions.append("life_cycle_state NOT IN \(activeStates)")
        }
        if let runType = query.runType {
            conditions.append("run_type = ?")
            arguments += [runType.rawValue]
        }
        conditions.append(
            "NOT EXISTS (SELECT 1 FROM jobs d WHERE d.job_id = runs.job_id AND d.deleted_time IS NOT NULL)")
        arguments += [query.limit + 1, query.offset]
        let page = """
            SELECT run_id AS page_run_id FROM runs WHERE \(conditions.joined(separator: " AND "))
            ORDER BY start_time DESC, run_id DESC LIMIT ? OFFSET ?
            """
        return (
            RunViewRecord.sql + " JOIN (\(page)) ON page_run_id = r.run_id ORDER BY start_time DESC, run_id DESC",
            arguments
        )
    }

    public func transitions(of run: RunID) async throws -> [RunTransition] {
        try await read { db in try TransitionRecord.all(of: run, in: db) }
    }

    public func cancelRun(_ run: RunID, at time: Timestamp) async throws -> Bool {
        try await writer.write { db in
            guard try Self.isVisible(run, in: db) else { throw StoreError.runDoesNotExist(run) }
            return try RunEventRecorder.record(
                .stopRequested(.canceledByUser), of: run, at: time, in: db
            ).changed
        }
    }

    public func cancelRuns(of job: JobID, at time: Timestamp) async throws -> [RunID] {
        try await writer.write { db in
            guard let record = try JobRecord.fetch(job, in: db), !record.isDeleted else {
                throw StoreError.jobDoesNotExist(job)
            }
            return try RunEventRecorder.stopActiveRuns(of: job, reason: .canceledByUser, at: time, in: db)
        }
    }

    public func deleteRun(_ run: RunID, at time: Timestamp) async throws {
        try await writer.write { db in
            guard try Self.isVisible(run, in: db) else { throw StoreError.runDoesNotExist(run) }
            let active = try Bool.fetchOne(
                db,
                sql: """
                    SELECT life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') FROM runs WHERE run_id = ?
                    """,
                arguments: [run.rawValue])
            if active == true { throw StoreError.runIsActive(run) }
            try RunRemoval.remove([run], at: time, in: db)
        }
    }

    private static func isVisible(_ run: RunID, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM runs JOIN jobs USING (job_id)
                        WHERE run_id = ? AND deleted_time IS NULL)
                    """),
            arguments: [run.rawValue]) ?? false
    }
}

/// A run with all that API 2.0 shows of it.
enum RunViewRecord {
    static let sql = """
        SELECT r.run_id, r.job_id, number_in_job, COALESCE(original_attempt_run_id, r.run_id), attempt_number, task_key,
            life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
            trigger_type, run_type, r.run_name, r.creator_user_name,
            start_time, execution_start, execution_end, end_time,
            cluster_id, spark_context_id, task_v2_0, cluster_spec_v2_0, overriding_parameters, schedule_v2_0,
            exit_code, signal, cpu_ms, peak_memory_bytes
        FROM runs r JOIN jobs j USING (job_id) JOIN definitions d ON d.definition_id = r.definition_id
        """

    static func view(_ row: Row) -> RunView {
        let trigger = TriggerType(rawValue: row[10]) ?? .oneTime
        return RunView(
            id: RunID(row[0]), jobID: JobID(row[1]), numberInJob: row[2], originalAttemptRunID: RunID(row[3]),
            attemptNumber: row[4], taskKey: row[5], state: RunState(row: row, at: 6), trigger: trigger,
            runType: RunType(rawValue: row[11]) ?? .jobRun, runName: row[12], creatorUserName: row[13],
            times: RunTimes(row: row, at: 14), clusterInstance: ClusterInstance(row: row, at: 18),
            taskV2_0: row[20], clusterSpecV2_0: row[21], overridingParametersV2_0: row[22],
            // The specification: only where the scheduler fired the run.
            scheduleV2_0: trigger == .periodic ? row[23] : nil, usage: TaskUsage(row: row, at: 24))
    }
}

extension ClusterInstance {
    /// Two columns: cluster_id, spark_context_id.
    init?(row: Row, at index: Int) {
        guard let id: String = row[index] else { return nil }
        self.init(clusterID: ClusterID(id), sparkContextID: row[index + 1])
    }
}

extension TaskUsage {
    /// Four columns: exit_code, signal, cpu_ms, peak_memory_bytes.
    fileprivate init?(row: Row, at index: Int) {
        guard let milliseconds: Int64 = row[index + 2] else { return nil }
        self.init(
            exitCode: row[index], signal: row[index + 1], cpuTime: .milliseconds(milliseconds),
            peakMemory: row[index + 3])
    }
}
