// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: RunStore {
    public func admit(_ newRun: NewRun) async throws -> Admission {
        try await writer.write { [definitions, limits] db in
            if let known = try IdempotencyRecord.admission(newRun.idempotency, in: db) { return known }
            guard let job = try JobRecord.fetch(newRun.jobID, in: db), job.isVisible else {
                throw StoreError.jobDoesNotExist(newRun.jobID)
            }
            let settings = try definitions.definition(job.definitionID, in: db).settings
            try newRun.precondition(settings)
            let active = try Self.activeRunCount(of: newRun.jobID, in: db)
            let state = ConcurrencyPolicy(maxConcurrentRuns: settings.maxConcurrentRuns).decide(activeRuns: active)
            if state.lifeCycleState.isActive { try limits.checkSlot(at: newRun.time, in: db) }
            var record = try NewRunRecord(
                of: newRun.jobID, settings, job.definitionID, runType: .jobRun, trigger: newRun.trigger,
                by: newRun.creatorUserName, state: state, at: newRun.time)
            record.overridingParameters = newRun.parameters?.json
            return try Self.admit(record, newRun.idempotency, at: newRun.time, in: db)
        }
    }

    public func submit(_ submission: NewSubmission) async throws -> Admission {
        try await writer.write { [definitions, limits] db in
            if let known = try IdempotencyRecord.admission(submission.idempotency, in: db) { return known }
            let settings = submission.settings
            try limits.checkCreation(at: submission.time, in: db)
            try limits.checkSlot(at: submission.time, in: db)
            try ReferenceCheck(db: db, definitions: definitions).require(settings.references, ofJob: nil)
            let (job, definition) = try JobRecord.insert(
                settings, isSubmission: true, by: submission.creatorUserName, at: submission.time, in: db)
            let record = try NewRunRecord(
                of: job, settings, definition, runType: .submitRun, trigger: .oneTime,
                by: submission.creatorUserName, at: submission.time)
            return try Self.admit(record, submission.idempotency, at: submission.time, in: db)
        }
    }

    static func admit(
        _ record: NewRunRecord, _ idempotency: IdempotencyKey?, at time: Timestamp, in db: Database
    ) throws -> Admission {
        let run = try record.insert(at: time, in: db)
        if let idempotency { try IdempotencyRecord.insert(idempotency, for: run.id, at: time, in: db) }
        return Admission(
            runID: run.id, jobID: record.jobID, numberInJob: run.numberInJob,
            lifeCycleState: record.state.lifeCycleState, origin: .created)
    }

    /// The state in which a run that the scheduler makes begins.
    static func scheduledState(
        of job: JobID, _ maxConcurrentRuns: Int32, _ slots: WorkspaceSlots, in db: Database
    ) throws -> RunState {
        let state = ConcurrencyPolicy(maxConcurrentRuns: maxConcurrentRuns).decide(
            activeRuns: try activeRunCount(of: job, in: db))
        guard state.lifeCycleState.isActive, !slots.hasSlot else { return state }
        return slots.limits.skipped()
    }

    /// Counted from the rows, so that no crash can leak a slot.
    private static func activeRunCount(of job: JobID, in db: Database) throws -> Int {
        try Int.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT COUNT(*) FROM runs INDEXED BY runs_active
                    WHERE job_id = ? AND life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
                    """),
            arguments: [job.rawValue]) ?? 0
    }
}

/// A row of `idempotency_tokens`.
enum IdempotencyRecord {
    /// The run that a request with this token made before.
    /// - Throws: `StoreError.idempotencyTokenOfDeletedRun` when that run, or its job, is gone.
    static func admission(_ key: IdempotencyKey?, in db: Database) throws -> Admission? {
        guard let key else { return nil }
        return try db.cachedStatement(
            sql: """
                SELECT t.run_id, t.request_digest, r.number_in_job, r.life_cycle_state, r.job_id
                FROM idempotency_tokens t
                LEFT JOIN runs r ON r.run_id = t.run_id
                    AND EXISTS (SELECT 1 FROM jobs j WHERE j.job_id = r.job_id AND j.deleted_time IS NULL)
                WHERE t.token = ?
                """
        ).first([key.token]) { row in
            let run = row.runID("run_id")
            guard let number: Int64 = row["number_in_job"] else {
                throw StoreError.idempotencyTokenOfDeletedRun(token: key.token, run: run)
            }
            return Admission(
                runID: run, jobID: row.jobID("job_id"), numberInJob: number,
                lifeCycleState: try row.enumeration("life_cycle_state"),
                origin: row["request_digest"] == key.requestDigest ? .repeated : .repeatedWithOtherRequest)
        }
    }

    static func insert(_ key: IdempotencyKey, for run: RunID, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO idempotency_tokens (token, run_id, request_digest, created_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [key.token, run.rawValue, key.requestDigest, time.milliseconds])
    }
}
