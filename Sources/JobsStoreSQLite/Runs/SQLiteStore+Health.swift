// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    /// The metric must be greater than the value, so a warning is due a moment after it. Each run has at most one row
    /// of `health_warnings`: the schema enforces "once".
    private static let due = """
        FROM runs WHERE expected_seconds IS NOT NULL
            AND life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
            AND NOT EXISTS (SELECT 1 FROM health_warnings w WHERE w.run_id = runs.run_id)
        """

    private static let overdue = "\(due) AND start_time + expected_seconds * 1000 < ?"

    public func slowRuns(at time: Timestamp) async throws -> [RunDeadline] {
        try await read { db in
            try db.cachedStatement(
                sql: "SELECT run_id, task_kind, start_time + expected_seconds * 1000 AS deadline \(Self.overdue)"
            ).all([time.milliseconds], RunDeadline.init)
        }
    }

    public func warnOfSlowRuns(at time: Timestamp, sparing spared: Set<RunID>) async throws -> [HealthWarning] {
        try await writer.write { db in
            let due = try db.cachedStatement(sql: "SELECT run_id, expected_seconds \(Self.overdue)")
                .all([time.milliseconds]) { row in
                    HealthWarning(run: row.runID("run_id"), time: time, expectedSeconds: row["expected_seconds"])
                }
            return try due.filter { !spared.contains($0.run) }.map { warning in
                try db.cachedStatement(
                    sql: "INSERT INTO health_warnings (run_id, time, expected_seconds) VALUES (?, ?, ?)"
                ).execute(arguments: [warning.run.rawValue, time.milliseconds, warning.expectedSeconds])
                return warning
            }
        }
    }

    public func nextHealthWarning() async throws -> Timestamp? {
        try readBriefly { db in
            try Int64.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT start_time + expected_seconds * 1000 + 1 \(Self.due)
                        ORDER BY start_time + expected_seconds * 1000 LIMIT 1
                        """)
            ).map(Timestamp.init(milliseconds:))
        }
    }

    public func healthWarning(of run: RunID) async throws -> HealthWarning? {
        try await read { db in
            try db.cachedStatement(sql: "SELECT time, expected_seconds FROM health_warnings WHERE run_id = ?")
                .first([run.rawValue]) { row in
                    HealthWarning(run: run, time: row.timestamp("time"), expectedSeconds: row["expected_seconds"])
                }
        }
    }
}
