// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// Records an event of a run: applies the pure rules, then writes state, times, transition and retry together.
enum RunEventRecorder {
    static func record(
        _ event: RunEvent, of run: RunID, at time: Timestamp, facts: RunFacts = RunFacts(), in db: Database
    ) throws -> RecordedEvent {
        guard let record = try Record.fetch(run, in: db) else { throw StoreError.runDoesNotExist(run) }
        try write(facts, of: run, in: db)
        switch RunStateMachine.decide(record.state, event) {
        case .ignore:
            return RecordedEvent(state: record.state, changed: false, retry: nil)
        case .move(let state):
            try write(state, of: record, at: time, in: db)
            try TransitionRecord.insert(
                RunTransition(time: time, from: record.state.lifeCycleState, to: state), of: run, in: db)
            let retry = state.lifeCycleState.isActive ? nil : try retry(record, ended: state, at: time, in: db)
            let stopped = state.lifeCycleState == .running ? [] : try endWhatBelongs(to: run, at: time, in: db)
            return RecordedEvent(state: state, changed: true, retry: retry, stopped: stopped)
        }
    }

    /// A run's task has ended or is to end: the runs that it has started are stopped, and its token is revoked.
    private static func endWhatBelongs(to run: RunID, at time: Timestamp, in db: Database) throws -> [RunID] {
        try db.cachedStatement(sql: "DELETE FROM run_tokens WHERE run_id = ?").execute(arguments: [run.rawValue])
        let children = try Int64.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT run_id FROM runs
                    WHERE parent_run_id = ? AND run_type = 'WORKFLOW_RUN' AND life_cycle_state IN ('PENDING', 'RUNNING')
                    """),
            arguments: [run.rawValue])
        return try children.flatMap { try stop(RunID($0), .parentEnded(run), at: time, in: db) }
    }

    /// Asks a run to stop; returns the runs that now have to be ended: it and those that it has started, or none.
    static func stop(_ run: RunID, _ reason: StopReason, at time: Timestamp, in db: Database) throws -> [RunID] {
        let recorded = try record(.stopRequested(reason), of: run, at: time, in: db)
        return recorded.changed ? [run] + recorded.stopped : []
    }

    /// Asks every active run of a job to stop; returns those that now have to be ended, also of what they have started.
    static func stopActiveRuns(
        of job: JobID, reason: StopReason, at time: Timestamp, in db: Database
    ) throws -> [RunID] {
        let active = try Int64.fetchAll(
            db,
            sql: """
                SELECT run_id FROM runs
                WHERE job_id = ? AND life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
                """,
            arguments: [job.rawValue])
        return try active.flatMap { try stop(RunID($0), reason, at: time, in: db) }
    }

    private static func write(_ state: RunState, of record: Record, at time: Timestamp, in db: Database) throws {
        let times = record.times.entering(state.lifeCycleState, at: time)
        // Setting a start time, even to the same value, rewrites every index that contains it.
        if times.start != record.times.start {
            try db.cachedStatement(sql: "UPDATE runs SET start_time = ? WHERE run_id = ?")
                .execute(arguments: [times.start.milliseconds, record.id.rawValue])
        }
        try db.cachedStatement(
            sql: """
                UPDATE runs SET life_cycle_state = ?, result_state = ?, state_message = ?,
                    user_cancelled_or_timedout = ?, execution_start = ?, execution_end = ?, end_time = ?
                WHERE run_id = ?
                """
        ).execute(arguments: [
            state.lifeCycleState.rawValue, state.resultState?.rawValue, state.stateMessage,
            state.userCancelledOrTimedOut, times.executionStart?.milliseconds, times.executionEnd?.milliseconds,
            times.end?.milliseconds, record.id.rawValue,
        ])
    }

    static func write(_ facts: RunFacts, of run: RunID, in db: Database) throws {
        if let cluster = facts.cluster {
            try db.cachedStatement(sql: "UPDATE runs SET cluster_id = ?, spark_context_id = ? WHERE run_id = ?")
                .execute(arguments: [cluster.clusterID.rawValue, cluster.sparkContextID, run.rawValue])
        }
        guard let usage = facts.usage else { return }
        try db.cachedStatement(
            sql: "UPDATE runs SET exit_code = ?, signal = ?, cpu_ms = ?, peak_memory_bytes = ? WHERE run_id = ?"
        ).execute(arguments: [
            usage.exitCode, usage.signal, usage.cpuTime.wholeMilliseconds, usage.peakMemory, run.rawValue,
        ])
    }

    private static func retry(
        _ record: Record, ended state: RunState, at time: Timestamp, in db: Database
    ) throws -> RunID? {
        let settings = try DefinitionRecord.settings(DefinitionRecord.text(of: record.nextAttempt.definitionID, in: db))
        let policy = settings.task(record.nextAttempt.taskKey)?.retryPolicy
        let attempt = EndedAttempt(
            state: state, number: record.attemptNumber, startTime: record.times.start,
            jobIsDeleted: record.jobIsDeleted)
        guard case .retry(let notBefore)? = policy?.decide(after: attempt) else { return nil }
        var next = record.nextAttempt
        next.startTime = max(notBefore, time)
        return try next.insert(at: time, in: db).id
    }

    /// The columns of a run that recording needs.
    private struct Record {
        let id: RunID
        let state: RunState
        let times: RunTimes
        let jobIsDeleted: Bool
        let attemptNumber: Int32
        let nextAttempt: NewRunRecord

        static func fetch(_ run: RunID, in db: Database) throws -> Record? {
            try db.cachedStatement(
                sql: """
                    SELECT life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
                        start_time, execution_start, execution_end, end_time, j.deleted_time, attempt_number,
                        r.job_id, r.task_key, r.task_kind, parent_run_id, job_run_id,
                        COALESCE(original_attempt_run_id, run_id) AS original_attempt_run_id, r.definition_id, run_type,
                        r.creator_user_name, r.run_name, overriding_parameters, r.timeout_seconds, r.expected_seconds
                    FROM runs r JOIN jobs j USING (job_id)
                    WHERE run_id = ?
                    """
            ).first([run.rawValue]) { row in
                Record(
                    id: run, state: try RunState(row), times: RunTimes(row),
                    jobIsDeleted: row["deleted_time"] as Int64? != nil, attemptNumber: row["attempt_number"],
                    nextAttempt: try NewRunRecord(retrying: row))
            }
        }
    }
}

extension NewRunRecord {
    /// The attempt after the row's.
    fileprivate init(retrying row: Row) throws {
        self.init(
            jobID: row.jobID("job_id"), taskKey: row["task_key"], taskKind: try row.enumeration("task_kind"),
            parentRunID: row.runIDIfPresent("parent_run_id"), jobRunID: row.runIDIfPresent("job_run_id"),
            retryOf: (row.runID("original_attempt_run_id"), (row["attempt_number"] as Int32) + 1),
            definitionID: DefinitionID(row["definition_id"]), runType: try row.enumeration("run_type"),
            trigger: .retry, creatorUserName: row["creator_user_name"], runName: row["run_name"],
            overridingParameters: row["overriding_parameters"], state: RunStateMachine.admitted,
            timeoutSeconds: row["timeout_seconds"], expectedSeconds: row["expected_seconds"],
            startTime: row.timestamp("start_time"))
    }
}
