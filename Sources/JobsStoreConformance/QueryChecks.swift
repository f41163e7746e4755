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
            let submitted = try await store.submit(.fixture(at: at(4))).runID
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
        StoreCheck("D4: runs of deleted jobs are in no list; the bound of a walk is the greatest id of all runs") {
            store in
            let gone = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let kept = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: kept, at: at(9))).runID
            let second = try await store.admit(.fixture(of: kept, at: t0)).runID
            let hidden = try await store.admit(.fixture(of: gone, at: at(5))).runID
            try checkEqual(
                try await store.runs(RunQuery(jobID: kept, offset: 0, limit: 1)).newestRunID, hidden, "bound")
            _ = try await store.deleteJob(gone, at: at(10))
            let page = try await store.runs(RunQuery(offset: 0, limit: 9))
            try checkEqual(page.runs.map(\.id), [first, second], "all")
            let empty = try await store.runs(RunQuery(jobID: gone, offset: 0, limit: 9))
            try checkEqual(empty.runs.count, 0, "of the deleted job")
            try checkEqual(empty.newestRunID, nil, "the bound of an empty page")
            try checkEqual(empty.hasMore, false, "has_more of an empty page")
        },
        StoreCheck("D4: a page is of one state of the store, however many runs come meanwhile") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            _ = try await allAtOnce(200) { index in
                if index % 4 != 0 { return _ = try await store.admit(.fixture(of: job, at: t0)) }
                let page = try await store.runs(RunQuery(offset: 0, limit: 999))
                // All have the same start, so the greatest id is first; no number is missing before the last.
                let ids = page.runs.map(\.id)
                try checkEqual(ids, ids.sorted(by: >), "ids")
                let numbers = page.runs.map(\.numberInJob)
                try checkEqual(numbers.sorted(), Array((1...Int64(numbers.count + 1)).dropLast()), "numbers")
                try checkEqual(page.hasMore, false, "has_more")
            }
        },
    ]
}
