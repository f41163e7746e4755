// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let admissionChecks: [StoreCheck] = [
        StoreCheck("D1: numbers count from 1 per job; ids are unique across jobs") { store in
            let jobs = [
                try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0),
                try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0),
            ]
            let admissions = try await allAtOnce(128) { index in
                try await store.admit(.fixture(of: jobs[index % 2], at: t0))
            }
            for job in jobs {
                let numbers = admissions.filter { $0.jobID == job }.map(\.numberInJob).sorted()
                try checkEqual(numbers, Array(1...64), "numbers")
            }
            try checkEqual(Set(admissions.map(\.runID)).count, 128, "ids")
        },
        StoreCheck("D1: ids of runs and jobs, and numbers, are never given twice, whatever was removed") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, at: t0)).runID
            try await store.deleteRun(first, at: at(1))
            let second = try await store.admit(.fixture(of: job, at: at(2)))
            try check(second.runID > first, "run \(second.runID) came after \(first)")
            try checkEqual(second.numberInJob, 2, "number")
            let submission = try await store.submit(.fixture(at: at(3)))
            try await cancel(submission.runID, at: at(4), in: store)
            try await store.deleteRun(submission.runID, at: at(5))
            let next = try await store.submit(.fixture(at: at(6)))
            try check(next.jobID != submission.jobID, "job \(next.jobID) was given twice")
            try check(next.runID > submission.runID, "run \(next.runID) came after \(submission.runID)")
        },
        StoreCheck("D3: 200 requests with one token at once make one run") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            let admissions = try await allAtOnce(200) { _ in
                try await store.admit(.fixture(of: job, token: "once", at: t0))
            }
            try checkEqual(Set(admissions.map(\.runID)).count, 1, "runs")
            try checkEqual(admissions.filter { $0.origin == .created }.count, 1, "created")
            try checkEqual(admissions.filter { $0.origin == .repeated }.count, 199, "repeated")
            try checkEqual(try await store.runs(RunQuery(offset: 0, limit: 10)).runs.count, 1, "runs/list")
        },
        StoreCheck("D3: the same token with another request answers the old run and says so") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 9), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, token: "t", at: t0))
            let second = try await store.admit(
                .fixture(of: job, token: "t", digest: "another", parameters: .python(["x"]), at: t0))
            try checkEqual(second.runID, first.runID, "run")
            try checkEqual(second.origin, .repeatedWithOtherRequest, "origin")
        },
        StoreCheck("D3, D7: the token of a deleted run launches nothing") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, token: "t", at: t0)).runID
            try await store.deleteRun(run, at: t0)
            try await checkThrows(.idempotencyTokenOfDeletedRun(token: "t", run: run)) {
                _ = try await store.admit(.fixture(of: job, token: "t", at: t0))
            }
        },
        StoreCheck("E3: max_concurrent_runs holds under a race; one too many is SKIPPED at once") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 7), by: "a", at: t0)
            let states = try await allAtOnce(100) { _ in
                try await store.admit(.fixture(of: job, at: t0)).lifeCycleState
            }
            try checkEqual(states.filter { $0 == .pending }.count, 7, "started")
            try checkEqual(states.filter { $0 == .skipped }.count, 93, "skipped")
            let skipped = try await store.runs(RunQuery(activity: .completedOnly, offset: 0, limit: 1)).runs[0]
            try checkEqual(skipped.times.end, t0, "end_time of a skipped run")
            try check(skipped.state.stateMessage.contains("limit of 7"), skipped.state.stateMessage)
            try checkEqual(
                try await store.transitions(of: skipped.id), [RunTransition(time: t0, from: nil, to: skipped.state)],
                "steps")
        },
        StoreCheck("E3: a lowered max_concurrent_runs ends nothing, and counts what is active; 0 skips all") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 3), by: "a", at: t0)
            var runs: [RunID] = []
            for _ in 0..<3 { runs.append(try await store.admit(.fixture(of: job, at: t0)).runID) }
            try await change(job, in: store) { $0.maxConcurrentRuns = 2 }
            try checkEqual(try await store.activeRuns().map(\.id), runs, "active")
            try await cancel(runs[0], at: at(1), in: store)
            try checkEqual(try await admit(job, at: at(99), in: store), .skipped, "with two active")
            _ = try await store.cancelRun(runs[1], at: at(2))
            try checkEqual(try await admit(job, at: at(99), in: store), .skipped, "with one active and one TERMINATING")
            try await record(.cleanedUp, of: runs[1], at: at(3), in: store)
            try checkEqual(try await admit(job, at: at(99), in: store), .pending, "with one active")
            try await change(job, in: store) { $0.maxConcurrentRuns = 0 }
            for run in try await store.activeRuns() { try await cancel(run.id, at: at(100), in: store) }
            try checkEqual(try await admit(job, at: at(99), in: store), .skipped, "limit 0")
        },
        StoreCheck("a run that its precondition refuses is not stored") { store in
            struct Refused: Error, Equatable {}
            let job = try await store.createJob(.fixture(name: "n"), by: "a", at: t0)
            try await checkThrows(error: Refused()) {
                _ = try await store.admit(
                    .fixture(of: job, token: "t", at: t0) { settings in
                        try checkEqual(settings, .fixture(name: "n"), "what the precondition is shown")
                        throw Refused()
                    })
            }
            try checkEqual(try await store.admit(.fixture(of: job, token: "t", at: t0)).numberInJob, 1, "number")
        },
        StoreCheck("a run keeps the settings it was created with") { store in
            let job = try await store.createJob(.fixture(name: "old"), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, parameters: .python(["p"]), by: "bob", at: t0)).runID
            try await change(job, in: store) { settings in
                settings.name = "new"
                settings.tasks[0].task = .sparkPython(SparkPythonTask(pythonFile: "dbfs:/other.py"))
            }
            let seen = try found(try await store.run(forExecution: run), "run")
            try checkEqual(seen.task, JobSettings.fixture().tasks[0], "task")
            try checkEqual(seen.parameters, .python(["p"]), "parameters")
            try checkEqual(try await store.run(run)?.runName, "old", "run_name")
            try checkEqual(try await store.run(run)?.creatorUserName, "bob", "creator")
        },
    ]

    /// The state in which a run of the job begins.
    private static func admit(
        _ job: JobID, at time: Timestamp, in store: StoreCheck.Store
    ) async throws -> RunLifeCycleState {
        try await store.admit(.fixture(of: job, at: time)).lifeCycleState
    }
}
