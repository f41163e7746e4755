// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let queryChecks: [StoreCheck] = [
        StoreCheck("D4: newest start first, pages without overlap, has_more exact") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            var runs: [RunID] = []
            // Two runs share each start time: then the greater id comes first.
            for index in 0..<10 {
                runs.append(try await store.admit(.fixture(of: job, at: at(Int64(index / 2)))).runID)
            }
            let expected = Array(runs.reversed())
            for limit in 1...11 {
                var listed: [RunID] = []
                while true {
                    let page = try await store.runs(RunQuery(offset: listed.count, limit: limit))
                    listed += page.runs.map(\.id)
                    try checkEqual(page.hasMore, listed.count < 10, "has_more at \(listed.count) by \(limit)")
                    if !page.hasMore { break }
                }
                try checkEqual(listed, expected, "pages of \(limit)")
            }
            try checkEqual(try await store.runs(RunQuery(offset: 10, limit: 5)).runs.count, 0, "beyond the end")
        },
        StoreCheck("D4: runs that came after a walk began are no part of it, even if its newest run is gone") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            var runs: [RunID] = []
            for index in 0..<9 {
                runs.insert(try await store.admit(.fixture(of: job, at: at(Int64(index)))).runID, at: 0)
            }
            let first = try await store.runs(RunQuery(offset: 0, limit: 4))
            var walked = first.runs.map(\.id)
            var hasMore = first.hasMore
            while hasMore {
                // One newer than all, and one that the clock, set back, puts in between.
                _ = try await store.admit(.fixture(of: job, at: at(100)))
                _ = try await store.admit(.fixture(of: job, at: at(4)))
                for filter in [nil, job] {
                    let page = try await store.runs(
                        RunQuery(jobID: filter, newestRunID: first.newestRunID, offset: walked.count, limit: 4))
                    try checkEqual(page.newestRunID, first.newestRunID, "newestRunID")
                    try checkEqual(page.runs.map(\.id), Array(runs[walked.count...].prefix(4)), "page")
                    hasMore = page.hasMore
                    if filter == job { walked += page.runs.map(\.id) }
                }
            }
            try checkEqual(walked, runs, "walk")
            try await store.deleteRun(runs[0], at: at(200))
            let rest = try await store.runs(RunQuery(newestRunID: first.newestRunID, offset: 0, limit: 99))
            try checkEqual(rest.runs.map(\.id), Array(runs.dropFirst()), "after its newest run was deleted")
        },
        StoreCheck("D4: filters by job, activity and type") { store in
            let one = try await store.createJob(.fixture(maxConcurrentRuns: 1), by: "a", at: t0)
            let two = try await store.createJob(.fixture(maxConcurrentRuns: 1), by: "a", at: t0)
            let active = try await store.admit(.fixture(of: one, at: at(1))).runID
            let skipped = try await store.admit(.fixture(of: one, at: at(2))).runID
            let other = try await store.admit(.fixture(of: two, at: at(3))).runID
            let submitted = try await store.submit(
                NewSubmission(settings: .fixture(), idempotency: nil, creatorUserName: "a", time: at(4))
            ).runID
            func list(_ query: RunQuery) async throws -> [RunID] { try await store.runs(query).runs.map(\.id) }
            try checkEqual(try await list(RunQuery(offset: 0, limit: 9)), [submitted, other, skipped, active], "all")
            try checkEqual(try await list(RunQuery(jobID: one, offset: 0, limit: 9)), [skipped, active], "by job")
            try checkEqual(
                try await list(RunQuery(jobID: one, activity: .activeOnly, offset: 0, limit: 9)), [active], "active")
            try checkEqual(
                try await list(RunQuery(activity: .completedOnly, offset: 0, limit: 9)), [skipped], "completed")
            try checkEqual(
                try await list(RunQuery(runType: .submitRun, offset: 0, limit: 9)), [submitted], "SUBMIT_RUN")
            try checkEqual(try await list(RunQuery(runType: .workflowRun, offset: 0, limit: 9)), [], "WORKFLOW_RUN")
            try checkEqual(try await list(RunQuery(jobID: JobID(9999), offset: 0, limit: 9)), [], "unknown job")
        },
        StoreCheck("the engine sees every run that has not ended, waiting retries too") { store in
            let job = try await store.createJob(
                .fixture(maxConcurrentRuns: 9, maxRetries: 1, minRetryIntervalMillis: 60_000), by: "a", at: t0)
            let pending = try await store.admit(.fixture(of: job, at: t0)).runID
            let failed = try await store.admit(.fixture(of: job, at: t0)).runID
            let ended = try await store.record(
                .failedInternally(message: "x"), of: failed, at: at(1), facts: RunFacts())
            guard let retry = ended.retry else { throw ConformanceViolation(description: "no retry") }
            try checkEqual(try await store.activeRuns().map(\.id), [pending, retry], "active runs")
            try checkEqual(try await store.activeRunCounts(), [.pending: 2], "counts")
        },
    ]

    static let tokenChecks: [StoreCheck] = [
        StoreCheck("A5: a token is found by its hash until it expires") { store in
            try check(try await !store.hasTokens(), "tokens in a new store")
            let hash = [UInt8](repeating: 7, count: 32)
            let owner = Principal(userName: "ann", isAdmin: true)
            try await store.addToken(
                NewToken(hash: hash, owner: owner, comment: "", createdTime: t0, expiryTime: at(10)))
            try checkEqual(try await store.principal(tokenHash: hash, at: at(9)), owner, "owner")
            try checkEqual(try await store.principal(tokenHash: hash, at: at(10)), nil, "expired")
            try checkEqual(
                try await store.principal(tokenHash: [UInt8](repeating: 8, count: 32), at: t0), nil, "unknown")
            try check(try await store.hasTokens(), "no token")
        },
        StoreCheck("A5: a revoked token is no token any more") { store in
            let hash = [UInt8](repeating: 7, count: 32)
            let owner = Principal(userName: "ann", isAdmin: false)
            try await store.addToken(NewToken(hash: hash, owner: owner, comment: "c", createdTime: t0, expiryTime: nil))
            let token = try await store.tokens(at: t0).first
            try checkEqual(token?.owner, owner, "owner")
            try check(try await store.revokeToken(token?.id ?? 0, at: at(1)), "not revoked")
            try check(try await !store.revokeToken(token?.id ?? 0, at: at(2)), "revoked twice")
            try checkEqual(try await store.principal(tokenHash: hash, at: at(3)), nil, "still good")
            try checkEqual(try await store.tokens(at: at(3)), [], "still listed")
        },
    ]
}
