// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// The initial values of a row of `runs`.
struct NewRunRecord {
    var jobID: JobID
    var taskKey: String
    var taskKind: JobTask.Kind
    /// The run whose notebook has started this one.
    var parentRunID: RunID?
    /// The run of the job that this run is a task of; nil: itself.
    var jobRunID: RunID?
    /// The run that is tried again, and how often it was tried.
    var retryOf: (original: RunID, attemptNumber: Int32)?
    var definitionID: DefinitionID
    var runType: RunType
    var trigger: TriggerType
    var creatorUserName: String
    var runName: String
    /// JSON text.
    var overridingParameters: String?
    var state: RunState
    var timeoutSeconds: Int32
    /// After so long a warning is due; nil: never.
    var expectedSeconds: Int32?
    var startTime: Timestamp
    /// The instant of the schedule that made this run; a job has at most one run for each.
    var fireTime: Timestamp?

    /// Takes the job's next number and writes the run and its first transition.
    func insert(at time: Timestamp, in db: Database) throws -> (id: RunID, numberInJob: Int64) {
        let number = try Int64.fetchOne(
            try db.cachedStatement(
                sql: "UPDATE jobs SET last_number = last_number + 1 WHERE job_id = ? RETURNING last_number"),
            arguments: [jobID.rawValue])
        guard let number else { throw DatabaseError(resultCode: .SQLITE_CONSTRAINT, message: "no job \(jobID)") }
        let endTime = state.lifeCycleState.isActive ? nil : startTime.milliseconds
        try db.cachedStatement(
            sql: """
                INSERT INTO runs (job_id, number_in_job, task_key, task_kind, parent_run_id, job_run_id,
                    original_attempt_run_id, attempt_number, definition_id, run_type, trigger_type, creator_user_name,
                    run_name, overriding_parameters, life_cycle_state, state_message, user_cancelled_or_timedout,
                    timeout_seconds, start_time, end_time, fire_time, expected_seconds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            jobID.rawValue, number, taskKey, taskKind.rawValue, parentRunID?.rawValue, jobRunID?.rawValue,
            retryOf?.original.rawValue, retryOf?.attemptNumber ?? 0, definitionID.rawValue, runType.rawValue,
            trigger.rawValue, creatorUserName, runName, overridingParameters, state.lifeCycleState.rawValue,
            state.stateMessage, timeoutSeconds, startTime.milliseconds, endTime, fireTime?.milliseconds,
            expectedSeconds,
        ])
        let id = RunID(db.lastInsertedRowID)
        try TransitionRecord.insert(RunTransition(time: time, from: nil, to: state), of: id, in: db)
        return (id, number)
    }
}

extension NewRunRecord {
    /// The first attempt of a run with these settings.
    init(
        of job: JobID, _ settings: JobSettings, _ definition: DefinitionID, runType: RunType, trigger: TriggerType,
        by userName: String, state: RunState = RunStateMachine.admitted, at time: Timestamp
    ) throws {
        guard let task = settings.firstTask else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "settings without a task in definitions")
        }
        self.init(
            jobID: job, taskKey: task.taskKey, taskKind: task.task.kind, definitionID: definition, runType: runType,
            trigger: trigger, creatorUserName: userName, runName: settings.name, state: state,
            timeoutSeconds: settings.timeoutSeconds, expectedSeconds: settings.health?.expectedDuration,
            startTime: time)
    }
}

/// A row of `run_transitions`.
enum TransitionRecord {
    static func insert(_ transition: RunTransition, of run: RunID, in db: Database) throws {
        // A new run's first transition; only later ones have to look up the one before.
        let sequence =
            transition.from == nil
            ? "1" : "(SELECT COALESCE(MAX(sequence), 0) + 1 FROM run_transitions WHERE run_id = ?1)"
        try db.cachedStatement(
            sql: """
                INSERT INTO run_transitions (run_id, sequence, time, from_state, to_state, result_state, state_message,
                    user_cancelled_or_timedout)
                VALUES (?1, \(sequence), ?2, ?3, ?4, ?5, ?6, ?7)
                """
        ).execute(arguments: [
            run.rawValue, transition.time.milliseconds, transition.from?.rawValue,
            transition.to.lifeCycleState.rawValue, transition.to.resultState?.rawValue, transition.to.stateMessage,
            transition.to.userCancelledOrTimedOut,
        ])
    }

    static func all(of run: RunID, in db: Database) throws -> [RunTransition] {
        try db.cachedStatement(
            sql: """
                SELECT time, from_state, to_state, result_state, state_message, user_cancelled_or_timedout
                FROM run_transitions WHERE run_id = ? ORDER BY sequence
                """
        ).all([run.rawValue]) { row in
            RunTransition(
                time: row.timestamp("time"), from: try row.enumerationIfPresent("from_state"),
                to: try RunState(row, lifeCycleState: "to_state"))
        }
    }
}
