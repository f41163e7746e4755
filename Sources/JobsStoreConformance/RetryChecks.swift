// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let retryChecks: [StoreCheck] = [
        StoreCheck("E4: the retry is there when the failed attempt ends, and holds its slot") { store in
            let settings = JobSettings.fixture(maxRetries: 2, minRetryIntervalMillis: 60_000)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, parameters: .python(["p"]), by: "ann", at: t0)).runID
            let second = try found(try await end(first, .failed(message: "boom"), in: store), "retry")
            let run = try found(try await store.run(second), "run")
            try checkEqual(run.trigger, .retry, "trigger")
            try checkEqual(run.attemptNumber, 1, "attempt_number")
            try checkEqual(run.originalAttemptRunID, first, "original_attempt_run_id")
            try checkEqual(run.numberInJob, 2, "number_in_job")
            try checkEqual(run.times.start, at(60_000), "start: interval from the START of the failed attempt")
            try checkEqual(run.creatorUserName, "ann", "creator")
            try checkEqual(try await store.run(forExecution: second)?.parameters, .python(["p"]), "parameters")
            try checkEqual(
                try await store.transitions(of: second),
                [RunTransition(time: at(35), from: nil, to: RunStateMachine.admitted)], "steps")
            try checkEqual(try await store.admit(.fixture(of: job, at: at(40))).lifeCycleState, .skipped, "slot")
            let third = try found(
                try await end(second, .failed(message: "boom"), in: store, from: 60_000), "second retry")
            try checkEqual(try await store.run(third)?.originalAttemptRunID, first, "original of the third")
            try checkEqual(
                try await end(third, .failed(message: "b"), in: store, from: 130_000), nil, "a retry too many")
        },
        StoreCheck("E4: a retry tries again with the settings of the failed attempt, whatever the job has by now") {
            store in
            let job = try await store.createJob(.fixture(name: "old", maxRetries: 1), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, at: t0)).runID
            try await change(job, in: store) { settings in
                settings = .fixture(name: "new")
                settings.tasks[0].task = .sparkPython(SparkPythonTask(pythonFile: "dbfs:/other.py"))
            }
            let retry = try found(try await end(first, .failed(message: "x"), in: store), "retry")
            try checkEqual(try await store.run(retry)?.runName, "old", "run_name")
            try checkEqual(
                try await store.run(forExecution: retry)?.task, JobSettings.fixture(maxRetries: 1).tasks[0], "task")
        },
        StoreCheck("E4: a long failure is retried at once; a success, a cancel and a deleted job never") { store in
            let settings = JobSettings.fixture(maxConcurrentRuns: 9, maxRetries: -1, minRetryIntervalMillis: 5)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let failed = try await store.admit(.fixture(of: job, at: t0)).runID
            let retry = try found(try await end(failed, .failed(message: "x"), in: store), "retry")
            try checkEqual(try await store.run(retry)?.times.start, at(35), "start of the retry")
            let good = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkEqual(try await end(good, .succeeded, in: store), nil, "retry of a success")
            _ = try await store.cancelRun(retry, at: at(50))
            let cancelled = try await record(.cleanedUp, of: retry, at: at(51), in: store)
            try checkEqual(cancelled.retry, nil, "retry of a cancelled run")
            let orphan = try await store.admit(.fixture(of: job, at: t0)).runID
            try await record(.taskStarted, of: orphan, at: at(60), in: store)
            try await record(.taskEnded(.failed(message: "x")), of: orphan, at: at(61), in: store)
            _ = try await store.deleteJob(job, at: at(62))
            let ended = try await record(.cleanedUp, of: orphan, at: at(63), in: store)
            try checkEqual(ended.retry, nil, "retry for a deleted job")
        },
        StoreCheck("E4: an internal error ends the run at once and is retried") { store in
            let job = try await store.createJob(.fixture(maxRetries: 1), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            let ended = try await record(.failedInternally(message: "no cluster"), of: run, at: at(5), in: store)
            try checkEqual(ended.state, RunState(.internalError, message: "no cluster"), "state")
            try check(ended.retry != nil, "no retry")
            try checkEqual(try await store.run(run)?.times.end, at(5), "end_time")
        },
        StoreCheck("E4: a timeout is retried where retry_on_timeout says so, and the retry has a timeout of its own") {
            store in
            for wanted in [true, false] {
                let settings = JobSettings.fixture(timeoutSeconds: 5, maxRetries: 1, retryOnTimeout: wanted)
                let job = try await store.createJob(settings, by: "a", at: t0)
                let run = try await store.admit(.fixture(of: job, at: t0)).runID
                try checkEqual(try await store.stopTimedOutRuns(at: at(5000), sparing: []), [run], "stopped")
                let ended = try await record(.cleanedUp, of: run, at: at(6000), in: store)
                try checkEqual(ended.state.resultState, .timedOut, "result")
                try checkEqual(ended.retry != nil, wanted, "retry")
                guard let retry = ended.retry else { continue }
                try checkEqual(try await store.nextDeadline(), at(11_000), "deadline of the retry")
                try await cancel(retry, at: at(7000), in: store)
            }
        },
        StoreCheck("a retry that is stopped while it waits has not started later than it was stopped") { store in
            let settings = JobSettings.fixture(maxRetries: 1, minRetryIntervalMillis: 60_000)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, at: t0)).runID
            let retry = try found(try await end(first, .failed(message: "x"), in: store), "retry")
            try await cancel(retry, at: at(1000), in: store)
            let times = try found(try await store.run(retry), "run").times
            try checkEqual(times.start, at(1000), "start_time")
            try checkEqual(times.end, at(1000), "end_time")
        },
    ]
}
