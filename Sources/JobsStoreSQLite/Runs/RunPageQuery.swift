// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// One page of runs/list as SQL.
struct RunPageQuery {
    /// Up to this offset the index is scanned from its start; beyond, reading the counts of blocks is cheaper.
    static let maxScan = 1000

    let query: RunQuery
    private let start: PageStart?

    /// A page that is found by an index scan.
    init(_ query: RunQuery) {
        self.query = query
        start = nil
    }

    /// - Parameter db: must not change until the page is read.
    init(_ query: RunQuery, maxScan: Int = Self.maxScan, in db: Database) throws {
        self.query = query
        // Active runs are few.
        let isFar = query.offset > maxScan && query.activity != .activeOnly
        start =
            isFar
            ? try PageStart.find(offset: query.offset, in: Self.lists(query), excluded: Self.excluded(query, db), db)
            : nil
    }

    func page(_ definitions: DefinitionCache, _ db: Database) throws -> RunPage {
        var newest: RunID?
        // One row more than the page holds, so that `hasMore` is exact. The rows come in this order, but SQL does not
        // guarantee that for a join.
        let runs = try db.cachedStatement(sql: sql).all(arguments) { row in
            newest = row.runIDIfPresent("newest_run_id")
            return try RunViewRecord.view(row, definitions, in: db)
        }
        .sorted { ($0.times.start, $0.id) > ($1.times.start, $1.id) }
        return RunPage(
            runs: Array(runs.prefix(query.limit)), hasMore: runs.count > query.limit,
            newestRunID: query.newestRunID ?? newest)
    }

    /// The page's ids come from an index alone; only they are joined.
    var sql: String {
        let selected =
            query.activity == .activeOnly
            ? Self.activeRuns(query) : Self.lists(query).map(select).joined(separator: "\nUNION ALL\n")
        return RunViewRecord.pageSQL("\(selected)\nORDER BY page_time DESC, page_run_id DESC LIMIT :count OFFSET :skip")
    }

    var arguments: StatementArguments {
        var arguments: [String: (any DatabaseValueConvertible)?] = [
            "count": query.limit + 1, "skip": start?.skip ?? query.offset,
        ]
        if let start { arguments.merge(["time": start.key.startTime, "id": start.key.runID]) { $1 } }
        if let job = query.jobID { arguments["job"] = job.rawValue }
        if let newest = query.newestRunID { arguments["newest"] = newest.rawValue }
        if let runType = query.runType, query.activity == .activeOnly { arguments["type"] = runType.rawValue }
        return StatementArguments(arguments)
    }

    private static func lists(_ query: RunQuery) -> [RunList] {
        (query.runType.map { [$0] } ?? RunType.allCases).map { RunList(jobID: query.jobID, runType: $0) }
    }

    /// A part of the page's runs: those of one list.
    private func select(_ list: RunList) -> String {
        var conditions = [list.kind.isInList(jobID: ":job", runType: "'\(list.runType.rawValue)'")]
        if start != nil { conditions.append("(start_time, run_id) < (:time, :id)") }
        if query.newestRunID != nil { conditions.append("run_id <= :newest") }
        if query.activity == .completedOnly, start?.hasExcluded != false {
            // Not `life_cycle_state` itself: it is in no index, since it changes.
            conditions.append(
                """
                NOT EXISTS (SELECT 1 FROM runs a INDEXED BY runs_active_by_start WHERE a.start_time = runs.start_time
                    AND a.run_id = runs.run_id AND a.life_cycle_state IN \(Self.activeStates))
                """)
        }
        return """
            SELECT start_time AS page_time, run_id AS page_run_id FROM runs \(list.kind.indexedBy)
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    private static let activeStates = "('PENDING', 'RUNNING', 'TERMINATING')"

    private static func activeRuns(_ query: RunQuery) -> String {
        var conditions = ["life_cycle_state IN \(activeStates)", RunListKind.isVisible(jobID: "runs.job_id")]
        if query.jobID != nil { conditions.append("job_id = :job") }
        if query.runType != nil { conditions.append("run_type = :type") }
        if query.newestRunID != nil { conditions.append("run_id <= :newest") }
        return """
            SELECT start_time AS page_time, run_id AS page_run_id FROM runs INDEXED BY runs_active_by_start
            WHERE \(conditions.joined(separator: " AND "))
            """
    }

    /// The keys of runs that blocks count but the query does not show, newest first: those created after the first page
    /// was read, and the active ones when only completed ones are requested.
    private static func excluded(_ query: RunQuery, _ db: Database) throws -> [RunKey] {
        var conditions = [RunListKind.isVisible(jobID: "runs.job_id")]
        var arguments: StatementArguments = []
        if let job = query.jobID {
            conditions.append("job_id = ?")
            arguments += [job.rawValue]
        }
        if let runType = query.runType {
            conditions.append("run_type = ?")
            arguments += [runType.rawValue]
        }
        func keys(_ from: String, _ condition: String, _ more: StatementArguments = []) throws -> [RunKey] {
            try db.cachedStatement(
                sql: """
                    SELECT start_time, run_id FROM runs \(from)
                    WHERE \(conditions.joined(separator: " AND ")) AND \(condition)
                    """
            ).all(arguments + more) { RunKey(startTime: $0["start_time"], runID: $0["run_id"]) }
        }
        var excluded: [RunKey] = []
        if let newest = query.newestRunID {
            excluded += try keys("NOT INDEXED", "run_id > ?", [newest.rawValue])
        }
        if query.activity == .completedOnly {
            excluded += try keys(
                "INDEXED BY runs_active_by_start", "life_cycle_state IN \(activeStates) AND run_id <= ?",
                [query.newestRunID?.rawValue ?? .max])
        }
        // Already sorted, unless both kinds are excluded.
        return excluded.sorted(by: >)
    }
}
