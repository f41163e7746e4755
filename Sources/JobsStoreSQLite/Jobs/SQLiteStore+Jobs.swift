// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: JobStore {
    public func createJob(
        _ settings: JobSettings, by userName: String, at time: Timestamp, check: @escaping ReferenceCheck
    ) async throws -> JobID {
        try await writer.write { [definitions, limits] db in
            try limits.checkCreation(at: time, in: db)
            try check(SQLiteReferenceLookup(db: db, definitions: definitions))
            let job = try JobRecord.insert(settings, isSubmission: false, by: userName, at: time, in: db)
            try TriggerRecord.update(job, to: settings.schedule, at: time, in: db)
            return job
        }
    }

    public func changeSettings(
        of job: JobID, at time: Timestamp,
        _ change: @escaping @Sendable (JobSettings, any ReferenceLookup) throws -> JobSettings
    ) async throws {
        try await writer.write { [definitions] db in
            guard let record = try JobRecord.fetch(job, in: db), record.isVisible else {
                throw StoreError.jobDoesNotExist(job)
            }
            let settings = try change(
                try definitions.settings(record.definitionID, in: db),
                SQLiteReferenceLookup(db: db, definitions: definitions))
            try db.cachedStatement(
                sql: """
                    UPDATE jobs SET definition_id = ?, max_concurrent_runs = ?, timeout_seconds = ?, run_name = ?
                    WHERE job_id = ?
                    """
            ).execute(arguments: [
                try DefinitionRecord.insert(settings, in: db), settings.maxConcurrentRuns, settings.timeoutSeconds,
                settings.name, job.rawValue,
            ])
            try RunRemoval.removeDefinition(record.definitionID, in: db)
            try db.cachedStatement(
                sql: """
                    UPDATE runs SET timeout_seconds = ?
                    WHERE job_id = ? AND life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
                    """
            ).execute(arguments: [settings.timeoutSeconds, job.rawValue])
            try TriggerRecord.update(job, to: settings.schedule, at: time, in: db)
        }
    }

    public func deleteJob(_ job: JobID, at time: Timestamp) async throws -> [RunID] {
        try await writer.write { db in
            guard let record = try JobRecord.fetch(job, in: db), !record.isSubmission else {
                throw StoreError.jobDoesNotExist(job)
            }
            if record.isDeleted { return [] }
            try db.execute(
                sql: "UPDATE jobs SET deleted_time = ? WHERE job_id = ?",
                arguments: [time.milliseconds, job.rawValue])
            try TriggerRecord.remove(job, in: db)
            return try RunEventRecorder.stopActiveRuns(of: job, reason: .jobDeleted, at: time, in: db)
        }
    }

    public func job(_ job: JobID) async throws -> JobView? {
        try readBriefly { db in
            try Row.fetchOne(
                try db.cachedStatement(sql: JobRecord.viewSQL + " AND job_id = ?"), arguments: [job.rawValue]
            ).map(JobRecord.view)
        }
    }

    public func jobs(after: JobID?, limit: Int) async throws -> [JobView] {
        try await read { db in
            try Row.fetchAll(
                try db.cachedStatement(sql: JobRecord.viewSQL + " AND job_id > ? ORDER BY job_id LIMIT ?"),
                arguments: [after?.rawValue ?? 0, limit]
            ).map(JobRecord.view)
        }
    }
}

/// A row of `jobs`.
struct JobRecord {
    let id: JobID
    let isSubmission: Bool
    let isDeleted: Bool
    let definitionID: Int64
    let lastNumber: Int64
    let creatorUserName: String

    /// A job that jobs/list shows.
    var isVisible: Bool { !isDeleted && !isSubmission }

    static let viewSQL = """
        SELECT job_id, creator_user_name, created_time, settings_v2_0, unknown_fields FROM jobs JOIN definitions USING (definition_id)
        WHERE deleted_time IS NULL AND is_submission = 0
        """

    static func view(_ row: Row) -> JobView {
        JobView(
            id: JobID(row[0]), creatorUserName: row[1], createdTime: Timestamp(milliseconds: row[2]),
            settingsV2_0: row[3], unknownFields: row[4])
    }

    static func insert(
        _ settings: JobSettings, isSubmission: Bool, by userName: String, at time: Timestamp, in db: Database
    ) throws -> JobID {
        try db.cachedStatement(
            sql: """
                INSERT INTO jobs (is_submission, creator_user_name, created_time, definition_id, max_concurrent_runs,
                    timeout_seconds, run_name) VALUES (?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            isSubmission, userName, time.milliseconds, try DefinitionRecord.insert(settings, in: db),
            settings.maxConcurrentRuns, settings.timeoutSeconds, settings.name,
        ])
        return JobID(db.lastInsertedRowID)
    }

    static func fetch(_ job: JobID, in db: Database) throws -> JobRecord? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT is_submission, deleted_time, definition_id, last_number, creator_user_name FROM jobs WHERE job_id = ?
                    """),
            arguments: [job.rawValue])
        guard let row else { return nil }
        return JobRecord(
            id: job, isSubmission: row[0], isDeleted: row[1] as Int64? != nil,
            definitionID: row[2], lastNumber: row[3], creatorUserName: row[4])
    }
}
