// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import JobsStore

/// A schedule whose time has come, with what a run of its job begins with. Thousands may be due in the same second, each
/// of a job that no cache knows: so one query gives all of them, and of the settings no more is read than a run needs.
struct DueTrigger {
    let trigger: TriggerRecord
    private let definitionID: Int64
    private let creatorUserName: String
    private let runName: String
    private let maxConcurrentRuns: Int32
    private let timeoutSeconds: Int32
    /// JSON text.
    private let settings: String

    private static let sql = """
        SELECT t.job_id, expression, timezone_id, mark, creator_user_name, definition_id, run_name,
            max_concurrent_runs, timeout_seconds, settings
        FROM triggers t LEFT JOIN jobs USING (job_id) LEFT JOIN definitions USING (definition_id)
        WHERE next_fire_time <= ? ORDER BY next_fire_time LIMIT ?
        """

    /// The longest waiting first, as they are stored: one that cannot be read is its own affair.
    static func all(at time: Timestamp, limit: Int, in db: Database) throws -> [Row] {
        try Row.fetchAll(try db.cachedStatement(sql: sql), arguments: [time.milliseconds, limit])
    }

    /// - Throws: `DatabaseError` when the schedule cannot be read, or belongs to nothing.
    init(row: Row, _ schedules: inout ScheduleReader) throws {
        guard let settings: String = row[9] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a trigger of no job")
        }
        trigger = TriggerRecord(
            jobID: JobID(row[0]), schedule: try schedules.schedule(row[1], row[2]),
            mark: Timestamp(milliseconds: row[3]))
        (creatorUserName, definitionID, runName) = (row[4], row[5], row[6])
        (maxConcurrentRuns, timeoutSeconds) = (row[7], row[8])
        self.settings = settings
    }

    /// The run of an instant: admitted, or skipped with the reason, like any other.
    /// - Throws: `DatabaseError`, before anything is written, when the settings cannot be read.
    func run(for instant: Timestamp, at time: Timestamp, _ slots: WorkspaceSlots, in db: Database) throws
        -> NewRunRecord
    {
        let (taskKey, health) = try DefinitionRecord.firstTaskKeyAndHealth(settings)
        return NewRunRecord(
            jobID: trigger.jobID, taskKey: taskKey ?? TaskSettings.singleTaskKey, definitionID: definitionID,
            runType: .jobRun, trigger: .periodic, creatorUserName: creatorUserName, runName: runName,
            state: try SQLiteStore.scheduledState(of: trigger.jobID, maxConcurrentRuns, slots, in: db),
            timeoutSeconds: timeoutSeconds, expectedSeconds: health?.expectedDuration, startTime: time,
            fireTime: instant)
    }
}

/// Reads the schedules of a pass: most jobs that are due at the same time have one of a few.
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
