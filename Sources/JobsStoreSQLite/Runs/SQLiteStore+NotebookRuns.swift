// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: NotebookRunStore {
    public func addRunToken(hash: [UInt8], of run: RunID) async throws {
        try await writer.write { db in
            try db.cachedStatement(sql: "INSERT INTO run_tokens (hash, run_id) VALUES (?, ?)")
                .execute(arguments: [Data(hash), run.rawValue])
        }
    }

    public func running(tokenHash: [UInt8]) async throws -> RunID? {
        try readBriefly { db in
            try Int64.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT run_id FROM run_tokens JOIN runs USING (run_id)
                        WHERE hash = ? AND life_cycle_state = 'RUNNING'
                        """),
                arguments: [Data(tokenHash)]
            ).map { RunID($0) }
        }
    }

    public func startChild(_ child: NewChildRun) async throws -> Admission {
        try await writer.write { [definitions, limits] db in
            if let known = try IdempotencyRecord.admission(child.idempotency, in: db) { return known }
            guard let parent = try EngineRunRecord.fetch(child.parent, definitions, in: db) else {
                throw StoreError.runDoesNotExist(child.parent)
            }
            guard parent.state.lifeCycleState == .running else { throw StoreError.runIsNotRunning(parent.id) }
            guard parent.workflowDepth < NewChildRun.maxDepth else {
                throw StoreError.workflowTooDeep(limit: NewChildRun.maxDepth)
            }
            try limits.checkCreation(at: child.time, in: db)
            try limits.checkSlot(at: child.time, in: db)
            let settings = child.settings(like: parent.task)
            let (job, definition) = try JobRecord.insert(
                settings, isSubmission: true, by: parent.creatorUserName, at: child.time, in: db)
            var record = try NewRunRecord(
                of: job, settings, definition, runType: .workflowRun, trigger: .oneTime,
                by: parent.creatorUserName, at: child.time)
            record.parentRunID = parent.id
            return try Self.admit(record, child.idempotency, at: child.time, in: db)
        }
    }

    public func state(ofChild run: RunID, of parent: RunID) async throws -> RunState? {
        try readBriefly { db in
            try db.cachedStatement(
                sql: """
                    SELECT life_cycle_state, result_state, state_message, user_cancelled_or_timedout
                    FROM runs WHERE run_id = ? AND parent_run_id = ?
                    """
            ).first([run.rawValue, parent.rawValue]) { try RunState($0) }
        }
    }

    public func setTaskValue(_ value: String, key: String, by run: RunID) async throws {
        try await writer.write { db in
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO task_values (run_id, task_key, key, value)
                    SELECT COALESCE(job_run_id, run_id), task_key, ?, ? FROM runs WHERE run_id = ?
                    """
            ).execute(arguments: [key, value, run.rawValue])
        }
    }

    public func taskValue(key: String, taskKey: String, for run: RunID) async throws -> String? {
        try readBriefly { db in
            try String.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT value FROM runs r JOIN task_values v ON v.run_id = COALESCE(r.job_run_id, r.run_id)
                        WHERE r.run_id = ? AND v.task_key = ? AND v.key = ?
                        """),
                arguments: [run.rawValue, taskKey, key])
        }
    }
}
