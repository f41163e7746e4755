// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// A due schedule, with the initial values of a run of its job. Thousands may be due in the same second, each of a job
/// that is not cached: so one query reads all of them, and no settings are parsed.
struct DueTrigger {
    let jobID: JobID
    private let expression: String
    private let timezoneID: String
    private let mark: Timestamp
    /// nil when it cannot be read, or belongs to no job.
    private let firstRun: FirstRun?

    fileprivate struct FirstRun {
        let definitionID: DefinitionID
        let taskKey: String
        let taskKind: JobTask.Kind
        let creatorUserName: String
        let runName: String
        let maxConcurrentRuns: Int32
        let timeoutSeconds: Int32
        let expectedSeconds: Int32?
    }

    private static let sql = """
        SELECT t.job_id, expression, timezone_id, mark, creator_user_name, definition_id, run_name,
            max_concurrent_runs, timeout_seconds, task_key, task_kind, expected_seconds,
            COALESCE(json_valid(settings), 0) AS is_readable
        FROM triggers t LEFT JOIN jobs USING (job_id) LEFT JOIN definitions USING (definition_id)
        WHERE next_fire_time <= ? ORDER BY next_fire_time LIMIT ?
        """

    /// The longest overdue first, including unreadable rows: they must not keep others from firing.
    static func all(at time: Timestamp, limit: Int, in db: Database) throws -> [DueTrigger] {
        try db.cachedStatement(sql: sql).all([time.milliseconds, limit], DueTrigger.init)
    }

    private init(_ row: Row) {
        jobID = row.jobID("job_id")
        expression = row["expression"]
        timezoneID = row["timezone_id"]
        mark = row.timestamp("mark")
        firstRun = row["is_readable"] ? FirstRun(row) : nil
    }

    /// - Throws: `DatabaseError` (SQLITE_CORRUPT), before anything is written, when the schedule or the settings cannot
    ///   be read, or the schedule belongs to no job.
    func trigger(_ schedules: inout ScheduleReader) throws -> TriggerRecord {
        guard firstRun != nil else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a trigger of no job, or of unreadable settings")
        }
        return TriggerRecord(jobID: jobID, schedule: try schedules.schedule(expression, timezoneID), mark: mark)
    }

    /// The run for an instant: admitted, or skipped with the reason, like any other run.
    func run(for instant: Timestamp, at time: Timestamp, _ slots: WorkspaceSlots, in db: Database) throws
        -> NewRunRecord
    {
        guard let firstRun else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable settings") }
        return NewRunRecord(
            jobID: jobID, taskKey: firstRun.taskKey, taskKind: firstRun.taskKind, definitionID: firstRun.definitionID,
            runType: .jobRun, trigger: .periodic, creatorUserName: firstRun.creatorUserName, runName: firstRun.runName,
            state: try SQLiteStore.scheduledState(of: jobID, firstRun.maxConcurrentRuns, slots, in: db),
            timeoutSeconds: firstRun.timeoutSeconds, expectedSeconds: firstRun.expectedSeconds, startTime: time,
            fireTime: instant)
    }
}

extension DueTrigger.FirstRun {
    /// nil when the job, or its task, cannot be read.
    fileprivate init?(_ row: Row) {
        guard let definition: Int64 = row["definition_id"], let taskKey: String = row["task_key"],
            let taskKind = (row["task_kind"] as String?).flatMap(JobTask.Kind.init)
        else { return nil }
        self.init(
            definitionID: DefinitionID(definition), taskKey: taskKey, taskKind: taskKind,
            creatorUserName: row["creator_user_name"], runName: row["run_name"],
            maxConcurrentRuns: row["max_concurrent_runs"], timeoutSeconds: row["timeout_seconds"],
            expectedSeconds: row["expected_seconds"])
    }
}

/// Caches the parsed schedules of a pass: jobs that are due at the same time mostly share a few expressions.
struct ScheduleReader {
    private var known: [[String]: FireTimeSchedule] = [:]

    /// - Throws: `DatabaseError` when there is no such schedule.
    mutating func schedule(_ expression: String, _ timezoneID: String) throws -> FireTimeSchedule {
        if let schedule = known[[expression, timezoneID]] { return schedule }
        let schedule = try TriggerRecord.schedule(expression, timezoneID)
        known[[expression, timezoneID]] = schedule
        return schedule
    }
}
