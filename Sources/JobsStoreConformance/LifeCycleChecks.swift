// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let lifeCycleChecks: [StoreCheck] = [
        StoreCheck("D11: a run's way is written step by step, with times and result") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await end(run, .succeeded, in: store)
            let steps = try await store.transitions(of: run)
            try checkEqual(steps.map(\.to.lifeCycleState), [.pending, .running, .terminating, .terminated], "states")
            try checkEqual(steps.map(\.from), [nil, .pending, .running, .terminating], "from")
            try checkEqual(steps.map(\.time), [at(0), at(10), at(30), at(35)], "times")
            guard let view = try await store.run(run) else { throw ConformanceViolation(description: "no run") }
            try checkEqual(view.times.setupDuration, 10, "setup")
            try checkEqual(view.times.executionDuration, 20, "execution")
            try checkEqual(view.times.cleanupDuration, 5, "cleanup")
            try checkEqual(view.state, RunState(.terminated, .success, message: ""), "state")
            try checkEqual(view.usage?.exitCode, 0, "exit code")
            try check(try await store.activeRuns().isEmpty, "it is still active")
        },
        StoreCheck("an event that comes too late is ignored and leaves no trace") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try check(try await store.cancelRun(run, at: at(1)) == [run], "nothing to cancel")
            try check(try await store.cancelRun(run, at: at(2)).isEmpty, "cancelled twice")
            let late = try await store.record(.taskStarted, of: run, at: at(3), facts: RunFacts())
            try checkEqual(late.changed, false, "changed")
            try checkEqual(try await store.transitions(of: run).count, 2, "transitions")
            try await checkThrows(.runDoesNotExist(RunID(9999))) { _ = try await store.cancelRun(RunID(9999), at: t0) }
        },
        StoreCheck("E4: the retry is there when the failed attempt ends, and holds its slot") { store in
            let settings = JobSettings.fixture(maxRetries: 2, minRetryIntervalMillis: 60_000)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let first = try await store.admit(
                NewRun(
                    jobID: job, parameters: .python(["p"]), idempotency: nil, trigger: .oneTime, creatorUserName: "ann",
                    time: t0)
            ).runID
            guard let second = try await end(first, .failed(message: "boom"), in: store) else {
                throw ConformanceViolation(description: "no retry")
            }
            guard let run = try await store.run(second) else { throw ConformanceViolation(description: "no run") }
            try checkEqual(run.trigger, .retry, "trigger")
            try checkEqual(run.attemptNumber, 1, "attempt_number")
            try checkEqual(run.originalAttemptRunID, first, "original_attempt_run_id")
            try checkEqual(run.numberInJob, 2, "number_in_job")
            try checkEqual(run.times.start, at(60_000), "start: interval from the START of the failed attempt")
            try checkEqual(run.creatorUserName, "ann", "creator")
            try checkEqual(run.overridingParameters, .python(["p"]), "parameters")
            try checkEqual(try await store.admit(.fixture(of: job, at: at(40))).lifeCycleState, .skipped, "slot")
            guard let third = try await end(second, .failed(message: "boom"), in: store, from: 60_000) else {
                throw ConformanceViolation(description: "no second retry")
            }
            try checkEqual(try await store.run(third)?.originalAttemptRunID, first, "original of the third")
            try checkEqual(
                try await end(third, .failed(message: "b"), in: store, from: 130_000), nil, "a retry too many")
        },
        StoreCheck("E4: a long failure is retried at once; a success, a cancel and a deleted job never") { store in
            let settings = JobSettings.fixture(maxConcurrentRuns: 9, maxRetries: -1, minRetryIntervalMillis: 5)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let failed = try await store.admit(.fixture(of: job, at: t0)).runID
            guard let retry = try await end(failed, .failed(message: "x"), in: store) else {
                throw ConformanceViolation(description: "no retry")
            }
            try checkEqual(try await store.run(retry)?.times.start, at(35), "start of the retry")
            let good = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkEqual(try await end(good, .succeeded, in: store), nil, "retry of a success")
            _ = try await store.cancelRun(retry, at: at(50))
            let cancelled = try await store.record(.cleanedUp, of: retry, at: at(51), facts: RunFacts())
            try checkEqual(cancelled.retry, nil, "retry of a cancelled run")
            let orphan = try await store.admit(.fixture(of: job, at: t0)).runID
            _ = try await store.record(.taskStarted, of: orphan, at: at(60), facts: RunFacts())
            _ = try await store.record(.taskEnded(.failed(message: "x")), of: orphan, at: at(61), facts: RunFacts())
            _ = try await store.deleteJob(job, at: at(62))
            let ended = try await store.record(.cleanedUp, of: orphan, at: at(63), facts: RunFacts())
            try checkEqual(ended.retry, nil, "retry for a deleted job")
        },
        StoreCheck("an internal error ends the run at once and is retried") { store in
            let job = try await store.createJob(.fixture(maxRetries: 1), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            let ended = try await store.record(
                .failedInternally(message: "no cluster"), of: run, at: at(5), facts: RunFacts())
            try checkEqual(ended.state, RunState(.internalError, message: "no cluster"), "state")
            try check(ended.retry != nil, "no retry")
            try checkEqual(try await store.run(run)?.times.end, at(5), "end_time")
        },
        StoreCheck("D7: only a run that has ended can be deleted, and then with its steps") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await checkThrows(.runIsActive(run)) { try await store.deleteRun(run, at: StoreConformance.t0) }
            try await end(run, .succeeded, in: store)
            try await store.deleteRun(run, at: StoreConformance.t0)
            try check(try await store.run(run) == nil, "still there")
            try check(try await store.transitions(of: run).isEmpty, "its steps are still there")
            try await checkThrows(.runDoesNotExist(run)) { try await store.deleteRun(run, at: StoreConformance.t0) }
        },
        StoreCheck("a run keeps the settings it was created with") { store in
            let job = try await store.createJob(.fixture(name: "old"), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await store.changeSettings(of: job, at: t0) { _ in
                var settings = JobSettings.fixture(name: "new")
                settings.tasks[0].task = .sparkPython(SparkPythonTask(pythonFile: "dbfs:/other.py"))
                return settings
            }
            let view = try await store.run(run)
            try checkEqual(
                view?.definition.settings.firstTask?.task, .sparkPython(SparkPythonTask(pythonFile: "dbfs:/a.py")),
                "task")
            try checkEqual(view?.runName, "old", "run_name")
        },
        StoreCheck("the cluster is shown as soon as it is known") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkEqual(try await store.run(run)?.clusterInstance, nil, "before")
            let instance = ClusterInstance(clusterID: .default, sparkContextID: "local-1")
            try await store.noteCluster(instance, of: run)
            try checkEqual(try await store.run(run)?.clusterInstance, instance, "after")
        },
    ]

    /// Takes a run from PENDING to its end; answers its retry.
    @discardableResult
    private static func end(
        _ run: RunID, _ outcome: TaskOutcome, in store: StoreCheck.Store, from start: Int64 = 0
    ) async throws -> RunID? {
        let usage = TaskUsage(exitCode: 0, signal: nil, cpuTime: .milliseconds(7), peakMemory: 1024)
        _ = try await store.record(.taskStarted, of: run, at: at(start + 10), facts: RunFacts())
        _ = try await store.record(.taskEnded(outcome), of: run, at: at(start + 30), facts: RunFacts(usage: usage))
        return try await store.record(.cleanedUp, of: run, at: at(start + 35), facts: RunFacts()).retry
    }
}
