// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import JobsStore

extension SQLiteStore: RunLifecycleStore {
    public func activeRuns() async throws -> [ActiveRun] {
        try await read { db in
            try Row.fetchAll(
                try db.cachedStatement(
                    sql: """
                        SELECT run_id, life_cycle_state FROM runs
                        WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') ORDER BY start_time, run_id
                        """)
            ).map { row in
                ActiveRun(
                    id: RunID(row[0]), lifeCycleState: RunLifeCycleState(rawValue: row[1]) ?? .internalError)
            }
        }
    }

    public func run(forExecution run: RunID) async throws -> Run? {
        try readBriefly { db in try EngineRunRecord.fetch(run, definitions, in: db) }
    }

    public func record(
        _ event: RunEvent, of run: RunID, at time: Timestamp, facts: RunFacts
    ) async throws -> RecordedEvent {
        try await writer.write { db in try RunEventRecorder.record(event, of: run, at: time, facts: facts, in: db) }
    }

    public func noteCluster(_ instance: ClusterInstance, of run: RunID) async throws {
        try await writer.write { db in
            try RunEventRecorder.write(RunFacts(cluster: instance), of: run, in: db)
        }
    }

    private static let overdue = """
        FROM runs WHERE timeout_seconds > 0 AND life_cycle_state IN ('PENDING', 'RUNNING')
            AND start_time + timeout_seconds * 1000 <= ?
        """

    public func overdueRuns(at time: Timestamp) async throws -> [RunDeadline] {
        try await read { db in
            try Row.fetchAll(
                try db.cachedStatement(sql: "SELECT run_id, start_time + timeout_seconds * 1000 \(Self.overdue)"),
                arguments: [time.milliseconds]
            ).map { RunDeadline(run: RunID($0[0]), time: Timestamp(milliseconds: $0[1])) }
        }
    }

    public func stopTimedOutRuns(at time: Timestamp, sparing spared: Set<RunID>) async throws -> [RunID] {
        try await writer.write { db in
            try Row.fetchAll(
                db, sql: "SELECT run_id, timeout_seconds \(Self.overdue)", arguments: [time.milliseconds]
            ).filter { !spared.contains(RunID($0[0])) }.flatMap { row in
                try RunEventRecorder.stop(RunID(row[0]), .timedOut(afterSeconds: row[1]), at: time, in: db)
            }
        }
    }

    public func nextDeadline() async throws -> Timestamp? {
        try readBriefly { db in
            try Int64.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT MIN(start_time + timeout_seconds * 1000) FROM runs
                        WHERE timeout_seconds > 0 AND life_cycle_state IN ('PENDING', 'RUNNING')
                        """)
            ).map(Timestamp.init(milliseconds:))
        }
    }

    public func activeRunCounts() async throws -> [RunLifeCycleState: Int] {
        try await read { db in
            let rows = try Row.fetchAll(
                try db.cachedStatement(
                    sql: """
                        SELECT life_cycle_state, COUNT(*) FROM runs
                        WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') GROUP BY 1
                        """))
            return rows.reduce(into: [:]) { counts, row in
                if let state = RunLifeCycleState(rawValue: row[0]) { counts[state] = row[1] }
            }
        }
    }
}

/// A run with all that the engine needs to run it.
enum EngineRunRecord {
    /// How many runs wait for this one by dbutils.notebook.run.
    private static let workflowDepth = """
        (WITH RECURSIVE chain (parent, depth) AS (
            SELECT r.parent_run_id, r.run_type = 'WORKFLOW_RUN'
            UNION ALL
            SELECT p.parent_run_id, depth + (p.run_type = 'WORKFLOW_RUN') FROM chain JOIN runs p ON p.run_id = parent
        ) SELECT MAX(depth) FROM chain)
        """

    private static let sql = """
        SELECT run_id, r.job_id, number_in_job, task_key, parent_run_id, attempt_number,
            life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
            start_time, execution_start, execution_end, end_time, cluster_id, spark_context_id,
            definition_id, overriding_parameters, timeout_seconds, r.creator_user_name, \(workflowDepth)
        FROM runs r
        WHERE run_id = ?
        """

    static func fetch(_ run: RunID, _ definitions: DefinitionCache, in db: Database) throws -> Run? {
        guard let row = try Row.fetchOne(try db.cachedStatement(sql: sql), arguments: [run.rawValue]) else {
            return nil
        }
        let taskKey: String = row[3]
        guard let task = try definitions.settings(row[16], in: db).task(taskKey) else { return nil }
        let times = RunTimes(row: row, at: 10)
        return Run(
            id: RunID(row[0]), jobID: JobID(row[1]), numberInJob: row[2], taskKey: taskKey,
            parentRunID: (row[4] as Int64?).map(RunID.init), attemptNumber: row[5], state: RunState(row: row, at: 6),
            times: times, deadline: TimeoutPolicy(timeoutSeconds: row[18]).deadline(startTime: times.start),
            clusterInstance: ClusterInstance(row: row, at: 14), task: task, parameters: parameters(row[17]),
            creatorUserName: row[19], workflowDepth: row[20])
    }

    private static func parameters(_ json: String?) -> RunParameters? {
        guard let json, case .object(let object)? = try? JSONParser.parse(json) else { return nil }
        return RunParameters.all(reading: ObjectReader(object, report: ReadingReport())).first
    }
}
