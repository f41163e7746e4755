// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: RetentionStore {
    public func removeExpired(_ request: RemovalRequest) async throws -> Removal {
        try await writer.write { db in
            let due = try RunRemoval.due(request, in: db)
            // A run whose processes are still being ended keeps the run that has started it.
            let free = try due.filter { try RunRemoval.activeChild(of: $0, in: db) == nil }
            let runs = try RunRemoval.remove(free, at: request.now, in: db)
            let jobs = try RunRemoval.clearDeletedJobs(limit: request.limit, in: db)
            if let cutoff = request.cutoff { try RunRemoval.removeLeavings(before: cutoff, in: db) }
            return Removal(runs: runs, isPartial: free.count == request.limit || jobs == request.limit)
        }
    }

    public func existing(_ runs: [RunID]) async throws -> Set<RunID> {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT 1 FROM runs WHERE run_id = ?")
            return try Set(runs.filter { try Bool.fetchOne(statement, arguments: [$0.rawValue]) ?? false })
        }
    }
}

/// Removes runs and what only they needed. Their transitions are removed by ON DELETE CASCADE.
enum RunRemoval {
    static func due(_ request: RemovalRequest, in db: Database) throws -> [RunID] {
        var runs: [RunID] = []
        if let cutoff = request.cutoff {
            runs = try Int64.fetchAll(
                db,
                sql: """
                    SELECT run_id FROM runs WHERE end_time IS NOT NULL AND end_time < ? ORDER BY end_time LIMIT ?
                    """,
                arguments: [cutoff.milliseconds, request.limit]
            ).map { RunID($0) }
        }
        if runs.count == request.limit { return runs }
        let ofDeletedJobs = try Int64.fetchAll(
            db,
            sql: """
                SELECT run_id FROM jobs CROSS JOIN runs USING (job_id)
                WHERE deleted_time IS NOT NULL AND jobs.definition_id <> 0 AND end_time IS NOT NULL LIMIT ?
                """,
            arguments: [request.limit])
        let known = Set(runs)
        return (runs + ofDeletedJobs.map { RunID($0) }.filter { !known.contains($0) }).prefix(request.limit) + []
    }

    /// Removes ended runs, with those that they have started, and returns them all. Their idempotency tokens become
    /// tombstones, a one-time run takes its job with it, and the definitions that nothing refers to any more go too.
    @discardableResult
    static func remove(_ runs: [RunID], at time: Timestamp, in db: Database) throws -> [RunID] {
        var removed: [RunID] = []
        for run in runs {
            removed += try remove(try children(of: run, in: db), at: time, in: db)
            try db.cachedStatement(
                sql: "UPDATE idempotency_tokens SET removed_time = ? WHERE run_id = ?"
            ).execute(arguments: [time.milliseconds, run.rawValue])
            let deleted = try db.cachedStatement(
                sql: "DELETE FROM runs WHERE run_id = ? RETURNING job_id, definition_id"
            )
            .first([run.rawValue]) { ($0.jobID("job_id"), DefinitionID($0["definition_id"])) }
            guard let (job, definition) = deleted else { continue }
            removed.append(run)
            try db.cachedStatement(
                sql: """
                    DELETE FROM jobs WHERE job_id = ?1 AND is_submission = 1
                        AND NOT EXISTS (SELECT 1 FROM runs WHERE job_id = ?1)
                    """
            ).execute(arguments: [job.rawValue])
            try removeDefinition(definition, in: db)
        }
        return removed
    }

    /// The runs that a run has started.
    private static func children(of run: RunID, in db: Database) throws -> [RunID] {
        try Int64.fetchAll(
            try db.cachedStatement(sql: "SELECT run_id FROM runs WHERE parent_run_id = ?"), arguments: [run.rawValue]
        ).map { RunID($0) }
    }

    /// A run that has not ended among a run's descendants.
    static func activeChild(of run: RunID, in db: Database) throws -> RunID? {
        try Int64.fetchOne(
            try db.cachedStatement(
                sql: """
                    WITH RECURSIVE below (id) AS (
                        SELECT run_id FROM runs WHERE parent_run_id = ?
                        UNION ALL SELECT run_id FROM runs JOIN below ON parent_run_id = id
                    )
                    SELECT run_id FROM below JOIN runs ON run_id = id WHERE end_time IS NULL LIMIT 1
                    """),
            arguments: [run.rawValue]
        ).map { RunID($0) }
    }

    /// Of deleted jobs without runs only the id stays: deleting them again is no error (contract B5).
    static func clearDeletedJobs(limit: Int, in db: Database) throws -> Int {
        let jobs = try db.cachedStatement(
            sql: """
                SELECT job_id, definition_id FROM jobs WHERE deleted_time IS NOT NULL AND definition_id <> 0
                    AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.job_id = jobs.job_id) LIMIT ?
                """
        ).all([limit]) { (id: $0.jobID("job_id"), definition: DefinitionID($0["definition_id"])) }
        for job in jobs {
            try db.execute(
                sql: "UPDATE jobs SET definition_id = 0, run_name = '' WHERE job_id = ?", arguments: [job.id.rawValue])
            try removeDefinition(job.definition, in: db)
        }
        return jobs.count
    }

    static func removeLeavings(before cutoff: Timestamp, in db: Database) throws {
        try db.execute(
            sql: "DELETE FROM idempotency_tokens WHERE removed_time IS NOT NULL AND removed_time < ?",
            arguments: [cutoff.milliseconds])
        try db.execute(sql: "DELETE FROM misfires WHERE recorded_time < ?", arguments: [cutoff.milliseconds])
    }

    /// The newest definition stays: SQLite would assign its id again, and the cache is keyed by definition id.
    static func removeDefinition(_ id: DefinitionID, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM definitions WHERE definition_id = ?1 AND definition_id <> 0
                    AND definition_id < (SELECT MAX(definition_id) FROM definitions)
                    AND NOT EXISTS (SELECT 1 FROM jobs WHERE definition_id = ?1)
                    AND NOT EXISTS (SELECT 1 FROM runs WHERE definition_id = ?1)
                """
        ).execute(arguments: [id.rawValue])
    }
}
