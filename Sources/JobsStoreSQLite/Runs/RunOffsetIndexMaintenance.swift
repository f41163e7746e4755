// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// Rebuilds and verifies `run_blocks`, which triggers maintain.
enum RunOffsetIndexMaintenance {
    /// Counts all runs anew.
    static func rebuild(in db: Database) throws {
        try db.execute(sql: "DELETE FROM run_blocks")
        for runType in RunType.allCases { try rebuild(RunList(jobID: nil, runType: runType), in: db) }
        let jobs = try Int64.fetchAll(
            db, sql: "SELECT job_id FROM jobs WHERE last_number > ?", arguments: [V005_RunOffsetIndex.blockSize])
        for job in jobs {
            for runType in RunType.allCases { try rebuild(RunList(jobID: JobID(job), runType: runType), in: db) }
        }
    }

    /// Every key preceded by a multiple of the block size bounds a block.
    private static func rebuild(_ list: RunList, in db: Database) throws {
        let size = V005_RunOffsetIndex.blockSize
        try db.execute(
            sql: """
                INSERT INTO run_blocks (job_id, run_type, until_time, until_run_id, run_count)
                SELECT ?1, ?2, start_time, run_id, \(size) FROM (
                    SELECT start_time, run_id, ROW_NUMBER() OVER (ORDER BY start_time, run_id) AS place
                    FROM runs \(list.kind.indexedBy) WHERE \(list.kind.isInList(jobID: "?1", runType: "?2")))
                WHERE place > 1 AND place % \(size) = 1
                """,
            arguments: list.arguments)
    }

    /// The blocks whose count is not that of the runs in them, a line each.
    static func faults(in db: Database) throws -> [String] {
        try RunListKind.allCases.flatMap { kind in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT job_id, run_type, until_time, until_run_id, run_count, found FROM (
                        SELECT job_id, run_type, until_time, until_run_id, run_count, (
                            SELECT COUNT(*) FROM runs \(kind.indexedBy)
                            WHERE \(kind.isInList(jobID: "b.job_id", runType: "b.run_type"))
                                AND (start_time, run_id) < (b.until_time, b.until_run_id)
                                AND (start_time, run_id) >= (b.from_time, b.from_run_id)) AS found
                        FROM \(V005_RunOffsetIndex.blocks("(b.job_id = 0) = ?")) b)
                    WHERE found <> run_count
                    """,
                arguments: [kind == .ofType]
            ).map { row in
                let (job, type): (Int64, String) = (row["job_id"], row["run_type"])
                let list = job == 0 ? "\(type) runs" : "\(type) runs of job \(job)"
                return "the block of \(list) before (\(row["until_time"] as Int64), \(row["until_run_id"] as Int64)) "
                    + "says \(row["run_count"] as Int64) and holds \(row["found"] as Int64)"
            }
        }
    }
}

extension SQLiteStore {
    /// Verifies the counts that runs/list finds its pages by against the runs; empty: no faults. Reads an index entry
    /// of every run.
    public func faultsOfRunOffsetIndex() async throws -> [String] {
        try await read { db in try RunOffsetIndexMaintenance.faults(in: db) }
    }

    /// Counts all runs anew, should `faultsOfRunOffsetIndex` have found any.
    public func rebuildRunOffsetIndex() async throws {
        try await writer.write { db in try RunOffsetIndexMaintenance.rebuild(in: db) }
    }
}
