// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: TriggerStore {
    public func fireDue(_ request: FireRequest) async throws -> FirePass {
        try await writer.write { [limits] db in
            var pass = FirePass()
            var schedules = ScheduleReader()
            var slots = try limits.slots(in: db)
            for row in try DueTrigger.all(at: request.now, limit: request.limit, in: db) {
                pass.triggers += 1
                do {
                    let due = try DueTrigger(row: row, &schedules)
                    let trigger = due.trigger
                    let decision = request.policy.decide(
                        trigger.schedule, mark: trigger.mark, now: request.now, watchingSince: request.watchingSince)
                    // After the clock was set back a new schedule may come to instants of the one before it.
                    for instant in decision.fires where try !Self.hasRun(trigger.jobID, for: instant, in: db) {
                        pass.firings.append(try Self.fire(due, instant, at: request.now, &slots, in: db))
                    }
                    if let missed = decision.missed {
                        try trigger.record(missed, at: request.now, in: db)
                        pass.misfires.append(trigger.misfire(missed, madeUpFor: decision.fires.last))
                    }
                    try trigger.move(to: decision.mark, next: decision.next, in: db)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    // What cannot be read, of a damaged database or a newer program, must not hold up the others.
                    let job = try TriggerRecord.postpone(row, to: request.now + Self.unreadablePause, in: db)
                    pass.unreadable.append(job)
                }
            }
            return pass
        }
    }

    /// Until a schedule that cannot be read is looked at again. Once it can be, what it missed is recorded.
    private static let unreadablePause = Duration.seconds(3600)

    private static func hasRun(_ job: JobID, for instant: Timestamp, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE job_id = ? AND fire_time = ?)"),
            arguments: [job.rawValue, instant.milliseconds]) ?? false
    }

    private static func fire(
        _ due: DueTrigger, _ instant: Timestamp, at time: Timestamp, _ slots: inout WorkspaceSlots, in db: Database
    ) throws -> FirePass.Firing {
        let record = try due.run(for: instant, at: time, slots, in: db)
        let run = try record.insert(at: time, in: db)
        let isActive = record.state.lifeCycleState.isActive
        if isActive { slots.take() }
        return FirePass.Firing(jobID: record.jobID, runID: run.id, fireTime: instant, isActive: isActive)
    }

    public func nextFireTime() async throws -> Timestamp? {
        try readBriefly { db in
            try Int64.fetchOne(
                try db.cachedStatement(
                    sql: "SELECT MIN(next_fire_time) FROM triggers WHERE next_fire_time IS NOT NULL")
            ).map(Timestamp.init(milliseconds:))
        }
    }

    public func trigger(of job: JobID) async throws -> TriggerView? {
        try await read { db in
            let row = try Row.fetchOne(
                db, sql: "SELECT mark, next_fire_time FROM triggers WHERE job_id = ?", arguments: [job.rawValue])
            guard let row else { return nil }
            let missed = try Row.fetchAll(
                db,
                sql: """
                    SELECT first_instant, through FROM misfires WHERE job_id = ? ORDER BY first_instant DESC LIMIT 100
                    """,
                arguments: [job.rawValue])
            return TriggerView(
                mark: Timestamp(milliseconds: row[0]),
                nextFireTime: (row[1] as Int64?).map(Timestamp.init(milliseconds:)),
                missed: missed.map { row in
                    MissedInstants(
                        first: Timestamp(milliseconds: row[0]), through: Timestamp(milliseconds: row[1]))
                })
        }
    }
}
