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
            for due in try DueTrigger.all(at: request.now, limit: request.limit, in: db) {
                pass.triggers += 1
                do {
                    let trigger = try due.trigger(&schedules)
                    let decision = request.policy.decide(
                        trigger.schedule, mark: trigger.mark, now: request.now, watchingSince: request.watchingSince)
                    // After the clock was set back, a new schedule may reach instants that the one before it has fired.
                    for instant in decision.fires where try !Self.hasRun(trigger.jobID, for: instant, in: db) {
                        pass.firings.append(try Self.fire(due, instant, at: request.now, &slots, in: db))
                    }
                    if let missed = decision.missed {
                        try trigger.record(missed, at: request.now, in: db)
                        pass.misfires.append(trigger.misfire(missed, madeUpFor: decision.fires.last))
                    }
                    try trigger.move(to: decision.mark, next: decision.next, in: db)
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    // An unreadable row (damaged database, newer program) must not block the others.
                    try TriggerRecord.postpone(due.jobID, to: request.now + Self.unreadablePause, in: db)
                    pass.unreadable.append(due.jobID)
                }
            }
            return pass
        }
    }

    /// The pause before an unreadable schedule is retried. Once it can be read, what it missed is recorded.
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
            let missed = try db.cachedStatement(
                sql: """
                    SELECT first_instant, through FROM misfires WHERE job_id = ? ORDER BY first_instant DESC LIMIT 100
                    """
            ).all([job.rawValue]) {
                MissedInstants(first: $0.timestamp("first_instant"), through: $0.timestamp("through"))
            }
            return try db.cachedStatement(sql: "SELECT mark, next_fire_time FROM triggers WHERE job_id = ?")
                .first([job.rawValue]) { row in
                    TriggerView(
                        mark: row.timestamp("mark"), nextFireTime: row.timestampIfPresent("next_fire_time"),
                        missed: missed)
                }
        }
    }
}
