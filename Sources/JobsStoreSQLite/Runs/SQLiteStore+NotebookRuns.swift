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
            let job = try JobRecord.insert(
                settings, isSubmission: true, by: parent.creatorUserName, at: child.time, in: db)
            let definition = try Int64.fetchOne(
                db, sql: "SELECT definition_id FROM jobs WHERE job_id = ?", arguments: [job.rawValue])
            let record = NewRunRecord(
                jobID: job, taskKey: TaskSettings.singleTaskKey, parentRunID: parent.id, definitionID: definition ?? 0,
                runType: .workflowRun, trigger: .oneTime, creatorUserName: parent.creatorUserName,
                runName: settings.name, state: RunStateMachine.admitted, timeoutSeconds: settings.timeoutSeconds,
                startTime: child.time)
            return try Self.admit(record, child.idempotency, at: child.time, in: db)
        }
    }

    public func state(ofChild run: RunID, of parent: RunID) async throws -> RunState? {
        try readBriefly { db in
            try Row.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT life_cycle_state, result_state, state_message, user_cancelled_or_timedout
                        FROM runs WHERE run_id = ? AND parent_run_id = ?
                        """),
                arguments: [run.rawValue, parent.rawValue]
            ).map { RunState(row: $0, at: 0) }
        }
    }

    public func setTaskValue(_ value: String, key: String, by run: RunID) async throws {
        try await writer.write { db in
            try db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO task_values (run_id, task_key, key, value)
                    SELECT run_id, task_key, ?, ? FROM runs WHERE run_id = ?
                    """
            ).execute(arguments: [key, value, run.rawValue])
        }
    }

    public func taskValue(key: String, taskKey: String, for run: RunID) async throws -> String? {
        try readBriefly { db in
            try String.fetchOne(
                try db.cachedStatement(
                    sql: "SELECT value FROM task_values WHERE run_id = ? AND task_key = ? AND key = ?"),
                arguments: [run.rawValue, taskKey, key])
        }
    }
}
