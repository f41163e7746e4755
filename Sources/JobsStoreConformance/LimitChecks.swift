// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let limitChecks: [StoreCheck] = [
        StoreCheck(
            "B6: jobs and one-time runs count together in a rolling hour, and Retry-After is when the oldest leaves it",
            limits: WorkspaceLimits(jobCreationsPerHour: 3)
        ) { store in
            func refusal(after seconds: Int) -> StoreError {
                .jobCreationLimit(limit: 3, retryAfter: .seconds(seconds))
            }
            _ = try await store.createJob(.fixture(), by: "a", at: at(seconds: 0))
            let run = try await store.submit(.fixture(token: "t", at: at(seconds: 100)))
            let job = try await store.createJob(.fixture(), by: "a", at: at(seconds: 200))
            // Deleting a job frees nothing: the limit counts creations.
            _ = try await store.deleteJob(job, at: at(seconds: 201))
            try await checkThrows(refusal(after: 3300)) {
                _ = try await store.createJob(.fixture(), by: "a", at: at(seconds: 300))
            }
            try await checkThrows(refusal(after: 1)) { _ = try await store.submit(.fixture(at: at(seconds: 3599))) }
            let again = try await store.submit(.fixture(token: "t", at: at(seconds: 3599)))
            try checkEqual(again.runID, run.runID, "a repetition creates nothing, so it is not refused; the run")
            _ = try await store.createJob(.fixture(), by: "a", at: at(seconds: 3600))
            try await checkThrows(refusal(after: 100)) {
                _ = try await store.createJob(.fixture(), by: "a", at: at(seconds: 3600))
            }
        },
        StoreCheck(
            "B6: of a hundred jobs created at once no more are let in than the limit allows",
            limits: WorkspaceLimits(jobCreationsPerHour: 10)
        ) { store in
            let outcomes = await atOnce(100) { index in
                if index % 2 == 0 { return try await store.createJob(.fixture(), by: "a", at: t0) }
                return try await store.submit(.fixture(at: t0)).jobID
            }
            var refused = 0
            for case .failure(let error) in outcomes {
                let expected = StoreError.jobCreationLimit(limit: 10, retryAfter: .seconds(3600))
                try checkEqual(error as? StoreError, expected, "the refusal")
                refused += 1
            }
            try checkEqual(refused, 90, "refused")
        },
        StoreCheck(
            "B6: no more runs are active at once; one that its job would skip is skipped, not refused",
            limits: WorkspaceLimits(concurrentRuns: 2)
        ) { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
            let none = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, token: "t", at: t0))
            _ = try await store.admit(.fixture(of: job, at: t0))
            // No run has ended yet, so there is nothing to estimate from.
            let refusal = StoreError.concurrentRunLimit(active: 2, limit: 2, retryAfter: .seconds(60))
            try await checkThrows(refusal) { _ = try await store.admit(.fixture(of: job, at: at(1))) }
            try await checkThrows(refusal) { _ = try await store.submit(.fixture(at: at(1))) }
            let again = try await store.admit(.fixture(of: job, token: "t", at: at(1)))
            try checkEqual(again.runID, first.runID, "a repetition")
            try checkEqual(
                try await store.admit(.fixture(of: none, at: at(1))).lifeCycleState, .skipped, "of a job that skips all"
            )
            try await cancel(first.runID, at: at(2), in: store)
            try checkEqual(try await store.admit(.fixture(of: job, at: at(3))).lifeCycleState, .pending, "a free slot")
        },
        StoreCheck(
            "B6: of a hundred runs asked for at once no more are let in than the limit allows",
            limits: WorkspaceLimits(concurrentRuns: 10)
        ) { store in
            // Runs of many jobs: serializing the runs of each job is not enough.
            var jobs: [JobID] = []
            for _ in 0..<20 { jobs.append(try await store.createJob(.fixture(maxConcurrentRuns: 9), by: "a", at: t0)) }
            let outcomes = await atOnce(100) { [jobs] index in
                if index % 10 == 9 { return try await store.submit(.fixture(at: t0)) }
                return try await store.admit(.fixture(of: jobs[index % 20], at: t0))
            }
            try checkEqual(outcomes.filter { (try? $0.get()) != nil }.count, 10, "let in")
            try checkEqual(try await store.activeRuns().count, 10, "active runs")
        },
        StoreCheck(
            "B6: a retry needs no slot: it goes on with what was let in", limits: WorkspaceLimits(concurrentRuns: 1)
        ) { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 9, maxRetries: 1), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            let retry = try found(try await end(run, .failed(message: "x"), in: store), "retry")
            try checkEqual(try await state(of: retry, in: store)?.lifeCycleState, .pending, "the retry")
        },
        StoreCheck(
            "B6: a schedule that finds no slot records a SKIPPED run that says why",
            limits: WorkspaceLimits(concurrentRuns: 1)
        ) { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            _ = try await store.admit(.fixture(of: job, at: t0))
            let scheduled = try await store.createJob(.scheduled("* * * * * ?"), by: "a", at: t0)
            let pass = try await fire(at: 1, in: store)
            try checkEqual(pass.firings.map(\.isActive), [false], "active")
            let runs = try await store.runs(RunQuery(jobID: scheduled, offset: 0, limit: 10)).runs
            try checkEqual(runs.map(\.state), [WorkspaceLimits(concurrentRuns: 1).skipped()], "states")
        },
        StoreCheck(
            "B6: a notebook's runs count like any other",
            limits: WorkspaceLimits(jobCreationsPerHour: 3, concurrentRuns: 2)
        ) { store in
            let parent = try await runningRun(in: store)
            let child = try await store.startChild(.fixture(of: parent, at: at(3))).runID
            try await checkThrows(.concurrentRunLimit(active: 2, limit: 2, retryAfter: .seconds(60))) {
                _ = try await store.startChild(.fixture(of: parent, at: at(4)))
            }
            try await cancel(child, at: at(5), in: store)
            let last = try await store.startChild(.fixture(of: parent, at: at(6))).runID
            try await cancel(last, at: at(7), in: store)
            try await checkThrows(.jobCreationLimit(limit: 3, retryAfter: .seconds(3600) - .milliseconds(8))) {
                _ = try await store.startChild(.fixture(of: parent, at: at(8)))
            }
        },
    ]
}
