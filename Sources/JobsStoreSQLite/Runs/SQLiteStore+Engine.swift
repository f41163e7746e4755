// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: RunLifecycleStore {
    public func activeRuns() async throws -> [ActiveRun] {
        try await read { db in
            try db.cachedStatement(
                sql: """
                    SELECT run_id, life_cycle_state FROM runs
                    WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') ORDER BY start_time, run_id
                    """
            ).all { ActiveRun(id: $0.runID("run_id"), lifeCycleState: try $0.enumeration("life_cycle_state")) }
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
            try db.cachedStatement(
                sql: "SELECT run_id, task_kind, start_time + timeout_seconds * 1000 AS deadline \(Self.overdue)"
            ).all([time.milliseconds], RunDeadline.init)
        }
    }

    public func stopTimedOutRuns(at time: Timestamp, sparing spared: Set<RunID>) async throws -> [RunID] {
        try await writer.write { db in
            let overdue = try db.cachedStatement(sql: "SELECT run_id, timeout_seconds \(Self.overdue)")
                .all([time.milliseconds]) { (run: $0.runID("run_id"), timeoutSeconds: $0["timeout_seconds"] as Int32) }
            return try overdue.filter { !spared.contains($0.run) }.flatMap { run, seconds in
                try RunEventRecorder.stop(run, .timedOut(afterSeconds: seconds), at: time, in: db)
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
            let counts = try db.cachedStatement(
                sql: """
                    SELECT life_cycle_state, COUNT(*) AS count FROM runs
                    WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') GROUP BY 1
                    """
            ).all { (state: try $0.enumeration("life_cycle_state") as RunLifeCycleState, count: $0["count"] as Int) }
            return Dictionary(counts.map { ($0.state, $0.count) }, uniquingKeysWith: +)
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
        SELECT run_id, r.job_id, number_in_job, r.task_key, parent_run_id, job_run_id, attempt_number,
            life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
            start_time, execution_start, execution_end, end_time, cluster_id, spark_context_id,
            definition_id, overriding_parameters, timeout_seconds, r.creator_user_name,
            \(workflowDepth) AS workflow_depth
        FROM runs r
        WHERE run_id = ?
        """

    static func fetch(_ run: RunID, _ definitions: DefinitionCache, in db: Database) throws -> Run? {
        try db.cachedStatement(sql: sql).first([run.rawValue]) { row in
            let taskKey: String = row["task_key"]
            let definition = try definitions.definition(DefinitionID(row["definition_id"]), in: db)
            guard let task = definition.settings.task(taskKey) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "run \(run) is of no task of its settings")
            }
            let times = RunTimes(row)
            return Run(
                id: row.runID("run_id"), jobID: row.jobID("job_id"), numberInJob: row["number_in_job"],
                taskKey: taskKey, parentRunID: row.runIDIfPresent("parent_run_id"),
                jobRunID: row.runIDIfPresent("job_run_id"), attemptNumber: row["attempt_number"],
                state: try RunState(row), times: times,
                deadline: TimeoutPolicy(timeoutSeconds: row["timeout_seconds"]).deadline(startTime: times.start),
                clusterInstance: ClusterInstance(row), task: task, parameters: try RunParameters(row),
                creatorUserName: row["creator_user_name"], workflowDepth: row["workflow_depth"])
        }
    }
}
