// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// A place in the order of runs/list: by start time, then by id.
struct RunKey: Comparable {
    let startTime: Int64
    let runID: Int64

    /// Before all runs.
    static let first = RunKey(startTime: .min, runID: .min)

    static func < (one: RunKey, other: RunKey) -> Bool {
        (one.startTime, one.runID) < (other.startTime, other.runID)
    }
}

/// Runs of one type, of all jobs or of one, in the order of runs/list; pages are composed of such lists.
struct RunList: Equatable {
    let jobID: JobID?
    let runType: RunType

    var kind: RunListKind { jobID == nil ? .ofType : .ofJob }
    var arguments: StatementArguments { [jobID?.rawValue ?? 0, runType.rawValue] }
}

/// The counts of a list's runs, newest first.
struct RunOffsetIndex: Equatable {
    /// A row of `run_blocks`: how many runs lie below `until` and above the next block's.
    struct Block: Equatable {
        let until: RunKey
        let count: Int
    }

    let list: RunList
    /// The number of runs newer than all blocks.
    let newer: Int
    let blocks: [Block]

    /// Reads as many blocks as it takes to count more than `count` runs, or all.
    static func read(_ list: RunList, atLeast count: Int, in db: Database) throws -> RunOffsetIndex {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT until_time, until_run_id, run_count FROM run_blocks WHERE job_id = ? AND run_type = ?
                    ORDER BY until_time DESC, until_run_id DESC
                    """),
            arguments: list.arguments)
        var blocks: [Block] = []
        var counted = 0
        while counted <= count, let row = try rows.next() {
            blocks.append(
                Block(until: RunKey(startTime: row["until_time"], runID: row["until_run_id"]), count: row["run_count"]))
            counted += row["run_count"]
        }
        let newer = try self.count(list, from: blocks.first?.until ?? .first, below: nil, in: db)
        return RunOffsetIndex(list: list, newer: newer, blocks: blocks)
    }

    /// How many runs of a list lie between two keys, by its index alone.
    static func count(_ list: RunList, from: RunKey, below: RunKey?, in db: Database) throws -> Int {
        let kind = list.kind
        return try Int.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT COUNT(*) FROM runs \(kind.indexedBy)
                    WHERE \(kind.isInList(jobID: "?1", runType: "?2"))
                        AND (start_time, run_id) >= (?3, ?4) AND (start_time, run_id) < (?5, ?6)
                    """),
            arguments: list.arguments + [
                from.startTime, from.runID, below?.startTime ?? .max, below?.runID ?? .max,
            ]) ?? 0
    }
}
