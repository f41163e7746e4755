// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    private static func remove(
        endedBefore cutoff: Timestamp?, at now: Timestamp, limit: Int = 100, in store: StoreCheck.Store
    ) async throws -> Removal {
        try await store.removeExpired(RemovalRequest(now: now, cutoff: cutoff, limit: limit))
    }

    static let retentionChecks: [StoreCheck] = [
        StoreCheck("D10: a run goes when it ended before the cutoff; active runs stay, however old") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
            var runs: [RunID] = []
            for index in 0..<4 { runs.append(try await store.admit(.fixture(of: job, at: at(Int64(index)))).runID) }
            for index in 0..<3 { try await cancel(runs[index], at: at(Int64(10 + index)), in: store) }
            try checkEqual(
                try await remove(endedBefore: at(12), at: at(1000), in: store),
                Removal(runs: [runs[0], runs[1]], isPartial: false), "removed")
            try checkEqual(
                try await store.runs(RunQuery(offset: 0, limit: 10)).runs.map(\.id), [runs[3], runs[2]], "runs/list")
            try checkEqual(try await store.existing(runs + [RunID(9999)]), [runs[2], runs[3]], "existing")
            try checkEqual(try await store.run(runs[0])?.id, nil, "a removed run")
            try checkEqual(try await store.transitions(of: runs[0]), [], "steps of a removed run")
            try checkEqual(try await store.admit(.fixture(of: job, at: at(20))).numberInJob, 5, "the next number")
        },
        StoreCheck(
            "D10: removal goes in portions and says when there is more; no cutoff, nothing of jobs that are there"
        ) {
            store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            for _ in 0..<5 { _ = try await store.admit(.fixture(of: job, at: t0)) }
            try checkEqual(
                try await remove(endedBefore: nil, at: at(1), in: store), Removal(runs: [], isPartial: false),
                "without a cutoff")
            let first = try await remove(endedBefore: at(1), at: at(1), limit: 3, in: store)
            try checkEqual(first.runs.count, 3, "first portion")
            try checkEqual(first.isPartial, true, "more after the first")
            let second = try await remove(endedBefore: at(1), at: at(1), limit: 3, in: store)
            try checkEqual(second.runs.count, 2, "second portion")
            try checkEqual(second.isPartial, false, "more after the second")
        },
        StoreCheck("D10: however many remove at once, each run is removed once") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            for _ in 0..<50 { _ = try await store.admit(.fixture(of: job, at: t0)) }
            let removed = try await allAtOnce(20) { _ in
                try await remove(endedBefore: at(1), at: at(1), limit: 5, in: store).runs
            }
            try checkEqual(removed.flatMap(\.self).count, 50, "removed")
            try checkEqual(Set(removed.flatMap(\.self)).count, 50, "runs")
        },
        StoreCheck("D3: the token of a removed run launches nothing until its tombstone is as old as runs become") {
            store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, token: "t", at: t0)).runID
            try await cancel(run, at: at(1), in: store)
            _ = try await remove(endedBefore: at(2), at: at(100), in: store)
            let refusal = StoreError.idempotencyTokenOfDeletedRun(token: "t", run: run)
            try await checkThrows(refusal) { _ = try await store.admit(.fixture(of: job, token: "t", at: at(101))) }
            _ = try await remove(endedBefore: at(100), at: at(199), in: store)
            try await checkThrows(refusal) { _ = try await store.admit(.fixture(of: job, token: "t", at: at(200))) }
            _ = try await remove(endedBefore: at(101), at: at(200), in: store)
            try checkEqual(
                try await store.admit(.fixture(of: job, token: "t", at: at(201))).origin, .created, "the token, later")
        },
        StoreCheck("B5: runs of a deleted job go once they have ended; that the job was there stays known") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
            let ended = try await store.admit(.fixture(of: job, at: t0)).runID
            try await cancel(ended, at: at(1), in: store)
            let active = try await store.admit(.fixture(of: job, at: t0)).runID
            _ = try await store.deleteJob(job, at: at(2))
            try checkEqual(try await remove(endedBefore: nil, at: at(3), in: store).runs, [ended], "first")
            try checkEqual(try await store.existing([ended, active]), [active], "existing")
            try await record(.cleanedUp, of: active, at: at(4), in: store)
            try checkEqual(try await remove(endedBefore: nil, at: at(5), in: store).runs, [active], "second")
            try checkEqual(
                try await remove(endedBefore: nil, at: at(6), in: store), Removal(runs: [], isPartial: false), "third")
            try checkEqual(try await store.deleteJob(job, at: at(7)), [], "deleting it again")
            try await checkThrows(.jobDoesNotExist(job)) { _ = try await store.admit(.fixture(of: job, at: at(8))) }
        },
        StoreCheck("a one-time run takes its job with it") { store in
            let submission = try await store.submit(.fixture(at: t0))
            try await cancel(submission.runID, at: at(1), in: store)
            try checkEqual(
                try await remove(endedBefore: at(2), at: at(2), in: store).runs, [submission.runID], "removed")
            try await checkThrows(.jobDoesNotExist(submission.jobID)) {
                _ = try await store.cancelRuns(of: submission.jobID, at: at(3))
            }
        },
        StoreCheck("a retry outlives the attempt before it, and knows which run it retries") { store in
            let job = try await store.createJob(.fixture(maxRetries: 1), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, at: t0)).runID
            let retry = try found(try await end(first, .failed(message: "x"), in: store), "retry")
            try checkEqual(try await remove(endedBefore: at(36), at: at(99), in: store).runs, [first], "removed")
            try checkEqual(try await store.run(retry)?.originalAttemptRunID, first, "original_attempt_run_id")
            try checkEqual(
                try await store.run(forExecution: retry)?.task, JobSettings.fixture(maxRetries: 1).tasks[0], "task")
        },
        StoreCheck("D10: recorded misfires go when they are as old as runs become") { store in
            let job = try await store.createJob(.scheduled("0/10 * * * * ?"), by: "a", at: t0)
            for second in [100, 200] { _ = try await fire(at: Int64(second), since: Int64(second), in: store) }
            _ = try await remove(endedBefore: at(seconds: 100), at: at(seconds: 300), in: store)
            try checkEqual(try await store.trigger(of: job)?.missed.count, 2, "not yet")
            _ = try await remove(endedBefore: at(seconds: 101), at: at(seconds: 300), in: store)
            try checkEqual(
                try await store.trigger(of: job)?.missed.map(\.first), [at(seconds: 110)], "what is left")
        },
    ]
}
