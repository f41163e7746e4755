// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// A row of `triggers`.
struct TriggerRecord {
    let jobID: JobID
    let schedule: FireTimeSchedule
    let mark: Timestamp

    /// Makes the row say what the settings say. A schedule that did not change keeps its mark; a new, changed or
    /// unpaused one begins now: what lies before is not made up for.
    static func update(_ job: JobID, to schedule: CronSchedule?, at time: Timestamp, in db: Database) throws {
        guard let schedule, schedule.pauseStatus == .unpaused, let times = FireTimeSchedule(schedule) else {
            return try remove(job, in: db)
        }
        let isUnchanged = try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM triggers WHERE job_id = ? AND expression = ? AND timezone_id = ?)
                    """),
            arguments: [job.rawValue, schedule.quartzCronExpression, schedule.timezoneID])
        if isUnchanged == true { return }
        try db.cachedStatement(
            sql: """
                INSERT INTO triggers (job_id, expression, timezone_id, mark, next_fire_time) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (job_id) DO UPDATE SET expression = excluded.expression,
                    timezone_id = excluded.timezone_id, mark = excluded.mark, next_fire_time = excluded.next_fire_time
                """
        ).execute(arguments: [
            job.rawValue, schedule.quartzCronExpression, schedule.timezoneID, time.milliseconds,
            times.nextFireTime(after: time)?.milliseconds,
        ])
    }

    /// Makes the rows of jobs from before there were triggers; they begin at `time`.
    static func fill(at time: Timestamp, in db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT job_id, settings FROM jobs JOIN definitions USING (definition_id)
                WHERE deleted_time IS NULL AND is_submission = 0 AND schedule_v2_0 IS NOT NULL
                """)
        for row in rows {
            try update(JobID(row[0]), to: try DefinitionRecord.settings(row[1]).schedule, at: time, in: db)
        }
    }

    static func remove(_ job: JobID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM triggers WHERE job_id = ?").execute(arguments: [job.rawValue])
    }

    /// The schedules whose time has come, the longest waiting first.
    static func due(at time: Timestamp, limit: Int, in db: Database) throws -> [TriggerRecord] {
        try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT job_id, expression, timezone_id, mark FROM triggers
                    WHERE next_fire_time <= ? ORDER BY next_fire_time LIMIT ?
                    """),
            arguments: [time.milliseconds, limit]
        ).map { row in
            guard let schedule = FireTimeSchedule(expression: row[1], timezoneID: row[2]) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable schedule in triggers")
            }
            return TriggerRecord(
                jobID: JobID(row[0]), schedule: schedule, mark: Timestamp(milliseconds: row[3]))
        }
    }

    func move(to mark: Timestamp, next: Timestamp?, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE triggers SET mark = ?, next_fire_time = ? WHERE job_id = ?")
            .execute(arguments: [mark.milliseconds, next?.milliseconds, jobID.rawValue])
    }

    func record(_ missed: MissedInstants, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO misfires (job_id, first_instant, through, recorded_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [
            jobID.rawValue, missed.first.milliseconds, missed.through.milliseconds, time.milliseconds,
        ])
    }
}
