// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    /// Verifies the invariants of the stored data, which must hold after any crash: a sentence for each fault.
    public func faults() async throws -> [String] {
        let found = try await read { db in
            try String.fetchAll(db, sql: "PRAGMA integrity_check(20)").filter { $0 != "ok" }
                + Self.invariants.flatMap { try $0.faults(in: db) } + Self.triggerFaults(db)
                + SchemaFaults.all(in: db)
        }
        return try await found + faultsOfRunOffsetIndex()
    }

    /// A query that finds violations of a rule.
    private struct Invariant {
        let rule: String
        /// Returns one column: the ids of the violating rows.
        let sql: String

        func faults(in db: Database) throws -> [String] {
            let found = try String.fetchAll(db, sql: sql + " LIMIT 6")
            if found.isEmpty { return [] }
            return ["\(rule): \(found.prefix(5).joined(separator: ", "))\(found.count > 5 ? " and more" : "")"]
        }
    }

    private static let invariants = [
        Invariant(
            rule: "rows that refer to something that is gone",
            sql: "SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check"),
        Invariant(
            rule: "notebooks without a revision",
            sql: """
                SELECT object_id FROM workspace_objects
                WHERE kind = 'NOTEBOOK' AND object_id NOT IN (SELECT object_id FROM notebook_revisions)
                """),
        Invariant(
            rule: "runs whose state is not that of their last transition",
            sql: """
                SELECT r.run_id FROM runs r LEFT JOIN run_transitions t ON t.run_id = r.run_id AND t.sequence =
                    (SELECT MAX(sequence) FROM run_transitions WHERE run_id = r.run_id)
                WHERE t.to_state IS NOT r.life_cycle_state OR t.result_state IS NOT r.result_state
                """),
        Invariant(
            rule: "runs whose transitions do not follow one another",
            sql: """
                SELECT DISTINCT a.run_id FROM run_transitions a JOIN run_transitions b
                    ON b.run_id = a.run_id AND b.sequence = a.sequence + 1
                WHERE b.from_state IS NOT a.to_state OR a.result_state IS NOT NULL AND b.result_state IS NOT a.result_state
                """),
        Invariant(
            rule: "runs with an edge that the life cycle does not have",
            sql: """
                SELECT DISTINCT run_id FROM run_transitions
                WHERE COALESCE(from_state, '') || '>' || to_state NOT IN ('>PENDING', '>SKIPPED', 'PENDING>RUNNING',
                    'PENDING>TERMINATING', 'PENDING>SKIPPED', 'PENDING>INTERNAL_ERROR', 'RUNNING>TERMINATING',
                    'RUNNING>INTERNAL_ERROR', 'TERMINATING>TERMINATED', 'TERMINATING>INTERNAL_ERROR')
                """),
        Invariant(
            rule: "runs with a number that their job has not given",
            sql: "SELECT run_id FROM runs JOIN jobs USING (job_id) WHERE number_in_job > last_number"),
        Invariant(
            rule: "jobs with more active runs than max_concurrent_runs ever allows",
            sql: """
                SELECT job_id FROM runs WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
                GROUP BY job_id HAVING COUNT(*) > 1000
                """),
        Invariant(
            rule: "retries of a run that is not of their job",
            sql: """
                SELECT r.run_id FROM runs r JOIN runs o ON o.run_id = r.original_attempt_run_id
                WHERE o.job_id <> r.job_id OR o.attempt_number <> 0
                """),
        Invariant(
            rule: "retries of a run that has succeeded, or not ended",
            sql: """
                SELECT r.run_id FROM runs r JOIN runs o ON o.run_id = r.original_attempt_run_id
                WHERE r.run_id <> o.run_id AND (o.result_state = 'SUCCESS' OR o.end_time IS NULL)
                """),
        Invariant(
            rule: "runs whose times do not follow one another",
            sql: """
                SELECT run_id FROM runs
                WHERE execution_start < start_time OR execution_end < COALESCE(execution_start, start_time)
                    OR end_time < COALESCE(execution_end, execution_start, start_time)
                """),
        Invariant(
            rule: "runs that have succeeded without having run",
            sql: """
                SELECT run_id FROM runs r WHERE result_state = 'SUCCESS' AND NOT EXISTS
                    (SELECT 1 FROM run_transitions t WHERE t.run_id = r.run_id AND t.to_state = 'RUNNING')
                """),
    ]

    /// A schedule's row matches its job's settings, and its next instant is the first after its mark.
    private static func triggerFaults(_ db: Database) throws -> [String] {
        let rows = try Row.fetchAll(
            db, sql: "SELECT job_id, expression, timezone_id, mark, next_fire_time FROM triggers")
        return rows.compactMap { row in
            let job: Int64 = row["job_id"]
            guard let schedule = FireTimeSchedule(expression: row["expression"], timezoneID: row["timezone_id"]) else {
                return "the schedule of job \(job) cannot be read"
            }
            let next = schedule.nextFireTime(after: row.timestamp("mark"))?.milliseconds
            return next == row["next_fire_time"] ? nil : "the schedule of job \(job) does not wait for its next instant"
        }
    }
}
