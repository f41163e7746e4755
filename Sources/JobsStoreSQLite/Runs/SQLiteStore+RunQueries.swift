// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    public func run(_ run: RunID) async throws -> RunView? {
        try readBriefly { db in
            try db.cachedStatement(sql: RunViewRecord.ofOneRunSQL).first([run.rawValue]) { row in
                try RunViewRecord.view(row, definitions, in: db)
            }
        }
    }

    public func runs(_ query: RunQuery) async throws -> RunPage {
        // Clients poll the first pages; only these are certain to be found quickly.
        let isBrief = query.offset + query.limit <= 200 && query.activity != .completedOnly && query.newestRunID == nil
        return isBrief
            ? try readBriefly { db in try RunPageQuery(query).page(definitions, db) }
            : try await read { [definitions] db in try RunPageQuery(query, in: db).page(definitions, db) }
    }

    public func transitions(of run: RunID) async throws -> [RunTransition] {
        try await read { db in try TransitionRecord.all(of: run, in: db) }
    }

    public func cancelRun(_ run: RunID, at time: Timestamp) async throws -> [RunID] {
        try await writer.write { db in
            guard try Self.isVisible(run, in: db) else { throw StoreError.runDoesNotExist(run) }
            return try RunEventRecorder.stop(run, .canceledByUser, at: time, in: db)
        }
    }

    public func cancelRuns(of job: JobID, at time: Timestamp) async throws -> [RunID] {
        try await writer.write { db in
            guard let record = try JobRecord.fetch(job, in: db), !record.isDeleted else {
                throw StoreError.jobDoesNotExist(job)
            }
            return try RunEventRecorder.stopActiveRuns(of: job, reason: .canceledByUser, at: time, in: db)
        }
    }

    @discardableResult
    public func deleteRun(_ run: RunID, at time: Timestamp) async throws -> [RunID] {
        try await writer.write { db in
            guard try Self.isVisible(run, in: db) else { throw StoreError.runDoesNotExist(run) }
            let active = try Bool.fetchOne(
                db,
                sql: """
                    SELECT life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING') FROM runs WHERE run_id = ?
                    """,
                arguments: [run.rawValue])
            if active == true { throw StoreError.runIsActive(run) }
            // What it has started goes with it.
            if let child = try RunRemoval.activeChild(of: run, in: db) { throw StoreError.runIsActive(child) }
            return try RunRemoval.remove([run], at: time, in: db)
        }
    }

    private static func isVisible(_ run: RunID, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM runs JOIN jobs USING (job_id)
                        WHERE run_id = ? AND deleted_time IS NULL)
                    """),
            arguments: [run.rawValue]) ?? false
    }
}
