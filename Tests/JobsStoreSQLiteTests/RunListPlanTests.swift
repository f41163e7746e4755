// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore
import Testing

@testable import JobsStoreSQLite

@Suite("runs/list never looks at all runs")
struct RunListPlanTests {
    static let queries: [RunQuery] = [nil, JobID(1)].flatMap { job in
        [nil, RunType.jobRun].flatMap { runType in
            [RunQuery.Activity.any, .activeOnly, .completedOnly].flatMap { activity in
                [nil, RunID(150)].map { newest in
                    RunQuery(
                        jobID: job, activity: activity, runType: runType, newestRunID: newest, offset: 60, limit: 25)
                }
            }
        }
    }

    @Test("no statement of a page scans the table or sorts", arguments: queries)
    func plans(_ query: RunQuery) async throws {
        let history = try await RunHistory(seed: 3, steps: 300)
        let plans = try await history.store.read { [definitions = history.store.definitions] db in
            let statements = Statements()
            for maxScan in [-1, 1000] {
                db.trace { event in statements.sql.append(event.expandedDescription) }
                _ = try RunPageQuery(query, maxScan: maxScan, in: db).page(definitions, db)
                db.trace(nil)
            }
            return try statements.sql.map { sql in
                (sql, try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String })
            }
        }
        #expect(plans.contains { $0.0.contains("LIMIT 26") })
        for (sql, plan) in plans {
            #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(sql): \(plan)")
            // Active runs are few.
            let scans = plan.filter { $0.hasPrefix("SCAN runs") && !$0.contains("runs_active_by_start") }
            #expect(scans.isEmpty, "\(sql): \(plan)")
            let walks = plan.filter { $0.contains(" runs ") && !$0.contains("COVERING INDEX") }
            #expect(walks.allSatisfy { $0.contains("PRIMARY KEY") }, "\(sql): \(plan)")
        }
    }

    /// Filled on the one thread that reads.
    private final class Statements {
        var sql: [String] = []
    }
}
