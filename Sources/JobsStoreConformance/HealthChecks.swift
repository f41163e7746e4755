// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let healthChecks: [StoreCheck] = [
        StoreCheck("E6: a run is warned of once its duration is GREATER than the least value of its rules, and once") {
            store in
            let run = try await slowRun(in: store, .fixture().expecting(seconds: [60, 10]))
            try checkEqual(try await store.nextHealthWarning(), at(10_001), "when a warning is due")
            try checkEqual(try await store.slowRuns(at: at(10_000)), [], "slow too early")
            try checkEqual(
                try await store.slowRuns(at: at(10_001)),
                [RunDeadline(run: run, taskKind: .sparkPython, time: at(10_000))], "slow")
            try checkEqual(try await store.warnOfSlowRuns(at: at(10_000), sparing: []), [], "warned too early")
            try checkEqual(try await store.warnOfSlowRuns(at: at(10_001), sparing: [run]), [], "spared")
            let warning = HealthWarning(run: run, time: at(10_001), expectedSeconds: 10)
            try checkEqual(try await store.healthWarning(of: run), nil, "before")
            try checkEqual(try await store.warnOfSlowRuns(at: at(10_001), sparing: []), [warning], "warned")
            try checkEqual(try await store.healthWarning(of: run), warning, "the warning")
            try checkEqual(try await store.warnOfSlowRuns(at: at(99_999), sparing: []), [], "warned again")
            try checkEqual(try await store.slowRuns(at: at(99_999)), [], "slow again")
            try checkEqual(try await store.healthWarning(of: run), warning, "the warning, later")
            try checkEqual(try await store.nextHealthWarning(), nil, "the next warning")
        },
        StoreCheck("E6: however many look at once, a run is warned of once") { store in
            let run = try await slowRun(in: store, .fixture().expecting(seconds: [10]))
            let told = try await allAtOnce(50) { index in
                try await store.warnOfSlowRuns(at: at(10_001 + Int64(index)), sparing: [])
            }
            try checkEqual(told.filter { !$0.isEmpty }.count, 1, "warnings that were told of")
            let warning = try await store.healthWarning(of: run)
            try checkEqual(told.flatMap(\.self), [warning].compactMap(\.self), "the warning that is kept")
        },
        StoreCheck("E6: it is of active runs, TERMINATING ones too, and a retry has a time of its own") { store in
            let settings = JobSettings.fixture(maxConcurrentRuns: 9, maxRetries: 1).expecting(seconds: [10])
            let ended = try await slowRun(in: store, settings)
            let stopping = try await slowRun(in: store, settings)
            _ = try await store.cancelRun(stopping, at: at(1))
            let failed = try await record(.failedInternally(message: "x"), of: ended, at: at(9000), in: store)
            let retry = try found(failed.retry, "retry")
            try checkEqual(
                try await store.warnOfSlowRuns(at: at(12_000), sparing: []).map(\.run), [stopping], "warned")
            try checkEqual(try await store.healthWarning(of: ended), nil, "of the run that has ended")
            try checkEqual(try await store.nextHealthWarning(), at(19_001), "when the retry's is due")
            try checkEqual(
                try await store.warnOfSlowRuns(at: at(19_001), sparing: []).map(\.run), [retry], "the retry")
        },
        StoreCheck("E6: the rules are those with which the run was made; without a rule nothing is slow") { store in
            let job = try await store.createJob(
                .fixture(maxConcurrentRuns: 9).expecting(seconds: [10]), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await change(job, in: store) { $0.health = nil }
            _ = try await store.admit(.fixture(of: job, at: t0))
            try checkEqual(
                try await store.warnOfSlowRuns(at: at(99_999), sparing: []),
                [HealthWarning(run: run, time: at(99_999), expectedSeconds: 10)], "warned")
        },
        StoreCheck("E6: submitted runs and runs of a schedule have their rules too") { store in
            let submitted = try await store.submit(.fixture(.fixture().expecting(seconds: [10]), at: t0)).runID
            _ = try await store.createJob(.scheduled("* * * * * ?").expecting(seconds: [10]), by: "a", at: t0)
            let scheduled = try await fire(at: 1, in: store).firings.map(\.runID)
            try checkEqual(
                Set(try await store.warnOfSlowRuns(at: at(99_999), sparing: []).map(\.run)),
                Set([submitted] + scheduled), "warned")
        },
    ]

    /// A pending run, never started.
    private static func slowRun(in store: StoreCheck.Store, _ settings: JobSettings) async throws -> RunID {
        let job = try await store.createJob(settings, by: "a", at: t0)
        return try await store.admit(.fixture(of: job, at: t0)).runID
    }
}
