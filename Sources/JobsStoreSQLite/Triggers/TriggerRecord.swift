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

    init(jobID: JobID, schedule: FireTimeSchedule, mark: Timestamp) {
        (self.jobID, self.schedule, self.mark) = (jobID, schedule, mark)
    }

    /// Updates the row from the settings. An unchanged schedule keeps its mark; a new, changed or unpaused one begins
    /// now, so earlier instants do not fire. Instants of the replaced schedule that were due and not yet handled are
    /// recorded as missed.
    static func update(_ job: JobID, to schedule: CronSchedule?, at time: Timestamp, in db: Database) throws {
        let former = try fetch(job, in: db)
        guard let schedule, schedule.pauseStatus == .unpaused, let times = FireTimeSchedule(schedule) else {
            try former?.recordUndone(at: time, in: db)
            return try remove(job, in: db)
        }
        if former?.schedule == times { return }
        try former?.recordUndone(at: time, in: db)
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

    /// Instants that were due before the schedule's end and not handled: the server was down, or busy.
    private func recordUndone(at time: Timestamp, in db: Database) throws {
        guard let first = schedule.nextFireTime(after: mark), first <= time else { return }
        try record(MissedInstants(first: first, through: time), at: time, in: db)
    }

    /// nil also for an unreadable row, so that new settings repair it.
    private static func fetch(_ job: JobID, in db: Database) throws -> TriggerRecord? {
        try db.cachedStatement(sql: "SELECT expression, timezone_id, mark FROM triggers WHERE job_id = ?")
            .first([job.rawValue]) { row in
                (try? schedule(row["expression"], row["timezone_id"])).map {
                    TriggerRecord(jobID: job, schedule: $0, mark: row.timestamp("mark"))
                }
            } ?? nil
    }

    /// Creates the rows of jobs that are older than the table; their schedules begin at `time`.
    static func fill(at time: Timestamp, in db: Database) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT job_id, settings FROM jobs JOIN definitions USING (definition_id)
                WHERE deleted_time IS NULL AND is_submission = 0 AND schedule_v2_0 IS NOT NULL
                """)
        for row in rows {
            try update(
                row.jobID("job_id"), to: try DefinitionRecord.settings(row["settings"]).schedule, at: time, in: db)
        }
    }

    static func remove(_ job: JobID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM triggers WHERE job_id = ?").execute(arguments: [job.rawValue])
    }

    /// Postpones the next check of a due schedule to `time`; its mark stays.
    static func postpone(_ job: JobID, to time: Timestamp, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE triggers SET next_fire_time = ? WHERE job_id = ?")
            .execute(arguments: [time.milliseconds, job.rawValue])
    }

    /// - Throws: `DatabaseError` when there is no such schedule.
    static func schedule(_ expression: String, _ timezoneID: String) throws -> FireTimeSchedule {
        guard let schedule = FireTimeSchedule(expression: expression, timezoneID: timezoneID) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable schedule in triggers")
        }
        return schedule
    }

    func move(to mark: Timestamp, next: Timestamp?, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE triggers SET mark = ?, next_fire_time = ? WHERE job_id = ?")
            .execute(arguments: [mark.milliseconds, next?.milliseconds, jobID.rawValue])
    }

    func misfire(_ missed: MissedInstants, madeUpFor instant: Timestamp?) -> Misfire {
        Misfire(jobID: jobID, schedule: schedule, missed: missed, madeUpFor: instant)
    }

    func record(_ missed: MissedInstants, at time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: "INSERT INTO misfires (job_id, first_instant, through, recorded_time) VALUES (?, ?, ?, ?)"
        ).execute(arguments: [
            jobID.rawValue, missed.first.milliseconds, missed.through.milliseconds, time.milliseconds,
        ])
    }
}
