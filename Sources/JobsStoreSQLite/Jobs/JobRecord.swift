// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// A row of `jobs`.
struct JobRecord {
    let id: JobID
    let isSubmission: Bool
    let isDeleted: Bool
    let definitionID: DefinitionID
    let lastNumber: Int64
    let creatorUserName: String

    /// A job that jobs/list shows.
    var isVisible: Bool { !isDeleted && !isSubmission }

    static func fetch(_ job: JobID, in db: Database) throws -> JobRecord? {
        try db.cachedStatement(
            sql: """
                SELECT is_submission, deleted_time, definition_id, last_number, creator_user_name FROM jobs
                WHERE job_id = ?
                """
        ).first([job.rawValue]) { row in
            JobRecord(
                id: job, isSubmission: row["is_submission"], isDeleted: row["deleted_time"] as Int64? != nil,
                definitionID: DefinitionID(row["definition_id"]), lastNumber: row["last_number"],
                creatorUserName: row["creator_user_name"])
        }
    }

    static func insert(
        _ settings: JobSettings, isSubmission: Bool, by userName: String, at time: Timestamp, in db: Database
    ) throws -> (job: JobID, definition: DefinitionID) {
        let definition = try DefinitionRecord.insert(settings, in: db)
        try db.cachedStatement(
            sql: """
                INSERT INTO jobs (is_submission, creator_user_name, created_time, definition_id, max_concurrent_runs,
                    timeout_seconds, run_name, task_key, task_kind, expected_seconds)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(
            arguments: [isSubmission, userName, time.milliseconds] + copiedColumns(settings, definition))
        return (JobID(db.lastInsertedRowID), definition)
    }

    /// Gives the job other settings.
    static func update(_ job: JobID, to settings: JobSettings, in db: Database) throws {
        let definition = try DefinitionRecord.insert(settings, in: db)
        try db.cachedStatement(
            sql: """
                UPDATE jobs SET definition_id = ?, max_concurrent_runs = ?, timeout_seconds = ?, run_name = ?,
                    task_key = ?, task_kind = ?, expected_seconds = ?
                WHERE job_id = ?
                """
        ).execute(arguments: copiedColumns(settings, definition) + [job.rawValue])
    }

    /// The settings that the scheduler needs, in columns: it fires thousands of schedules in the same second without
    /// parsing settings.
    private static func copiedColumns(_ settings: JobSettings, _ definition: DefinitionID) -> StatementArguments {
        [
            definition.rawValue, settings.maxConcurrentRuns, settings.timeoutSeconds, settings.name,
            settings.firstTask?.taskKey, settings.firstTask?.task.kind.rawValue, settings.health?.expectedDuration,
        ]
    }
}

extension JobRecord {
    /// The columns of a `JobView`.
    static let viewSQL = """
        SELECT job_id, creator_user_name, created_time, definition_id FROM jobs
        WHERE deleted_time IS NULL AND is_submission = 0
        """
    /// The same with the text of the settings, for long lists.
    static let listSQL = """
        SELECT job_id, creator_user_name, created_time, definition_id, settings
        FROM jobs JOIN definitions USING (definition_id)
        WHERE deleted_time IS NULL AND is_submission = 0 AND job_id > ? ORDER BY job_id LIMIT ?
        """

    static func view(_ row: Row, _ definition: (DefinitionID) throws -> JobDefinition) throws -> JobView {
        JobView(
            id: row.jobID("job_id"), creatorUserName: row["creator_user_name"],
            createdTime: row.timestamp("created_time"),
            definition: try definition(DefinitionID(row["definition_id"])))
    }
}
