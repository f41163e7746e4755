// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: JobStore {
    public func createJob(_ settings: JobSettings, by userName: String, at time: Timestamp) async throws -> JobID {
        try await writer.write { [definitions, limits] db in
            try limits.checkCreation(at: time, in: db)
            try ReferenceCheck(db: db, definitions: definitions).require(settings.references, ofJob: nil)
            let job = try JobRecord.insert(settings, isSubmission: false, by: userName, at: time, in: db).job
            try TriggerRecord.update(job, to: settings.schedule, at: time, in: db)
            return job
        }
    }

    public func changeSettings(
        of job: JobID, at time: Timestamp, _ change: @escaping @Sendable (JobSettings) throws -> JobSettings
    ) async throws {
        try await writer.write { [definitions] db in
            guard let record = try JobRecord.fetch(job, in: db), record.isVisible else {
                throw StoreError.jobDoesNotExist(job)
            }
            let settings = try change(try definitions.definition(record.definitionID, in: db).settings)
            try ReferenceCheck(db: db, definitions: definitions).require(settings.references, ofJob: job)
            try JobRecord.update(job, to: settings, in: db)
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
            try db.cachedStatement(sql: JobRecord.viewSQL + " AND job_id = ?").first([job.rawValue]) { row in
                try JobRecord.view(row) { try definitions.definition($0, in: db) }
            }
        }
    }

    public func jobs(after: JobID?, limit: Int) async throws -> [JobView] {
        try await read { [definitions] db in
            try db.cachedStatement(sql: JobRecord.listSQL).all([after?.rawValue ?? 0, limit]) { row in
                try JobRecord.view(row) { try definitions.passing($0, row["settings"]) }
            }
        }
    }
}
