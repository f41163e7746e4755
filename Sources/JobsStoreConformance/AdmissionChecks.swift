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
            let admissions = try await withThrowingTaskGroup(of: (JobID, Admission).self) { group in
                for index in 0..<128 {
                    let job = jobs[index % 2]
                    group.addTask { (job, try await store.admit(.fixture(of: job, at: t0))) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for job in jobs {
                let numbers = admissions.filter { $0.0 == job }.map(\.1.numberInJob).sorted()
                try checkEqual(numbers, Array(1...64), "numbers")
            }
            try checkEqual(Set(admissions.map(\.1.runID)).count, 128, "ids")
        },
        StoreCheck("D3: 200 requests with one token at once make one run") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            let admissions = try await withThrowingTaskGroup(of: Admission.self) { group in
                for _ in 0..<200 { group.addTask { try await store.admit(.fixture(of: job, token: "once", at: t0)) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try checkEqual(Set(admissions.map(\.runID)).count, 1, "runs")
            try checkEqual(admissions.filter { $0.origin == .created }.count, 1, "created")
            try checkEqual(try await store.runs(RunQuery(offset: 0, limit: 10)).runs.count, 1, "runs/list")
        },
        StoreCheck("D3: the same token with another request answers the old run and says so") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 9), by: "a", at: t0)
            let first = try await store.admit(.fixture(of: job, token: "t", at: t0))
            let other = NewRun(
                jobID: job, parameters: .python(["x"]),
                idempotency: IdempotencyKey(token: "t", requestDigest: "another"), trigger: .oneTime,
                creatorUserName: "a", time: t0)
            let second = try await store.admit(other)
            try checkEqual(second.runID, first.runID, "run")
            try checkEqual(second.origin, .repeatedWithOtherRequest, "origin")
        },
        StoreCheck("D3, D7: the token of a deleted run launches nothing") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, token: "t", at: t0)).runID
            try await store.deleteRun(run, at: StoreConformance.t0)
            try await checkThrows(.idempotencyTokenOfDeletedRun(token: "t", run: run)) {
                _ = try await store.admit(.fixture(of: job, token: "t", at: t0))
            }
        },
        StoreCheck("E3: max_concurrent_runs holds under a race; one too many is SKIPPED at once") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 7), by: "a", at: t0)
            let states = try await withThrowingTaskGroup(of: RunLifeCycleState.self) { group in
                for _ in 0..<100 {
                    group.addTask { try await store.admit(.fixture(of: job, at: t0)).lifeCycleState }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try checkEqual(states.filter { $0 == .pending }.count, 7, "started")
            try checkEqual(states.filter { $0 == .skipped }.count, 93, "skipped")
            let skipped = try await store.runs(RunQuery(activity: .completedOnly, offset: 0, limit: 1)).runs[0]
            try checkEqual(skipped.times.end, t0, "end_time of a skipped run")
            try check(skipped.state.stateMessage.contains("limit of 7"), skipped.state.stateMessage)
        },
        StoreCheck("a run that its precondition refuses is not stored") { store in
            struct Refused: Error {}
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let refused = NewRun(
                jobID: job, parameters: nil, idempotency: IdempotencyKey(token: "t", requestDigest: ""),
                trigger: .oneTime, creatorUserName: "a", time: t0, precondition: { _ in throw Refused() })
            do {
                _ = try await store.admit(refused)
                throw ConformanceViolation(description: "it was stored")
            } catch is Refused {}
            try checkEqual(try await store.admit(.fixture(of: job, token: "t", at: t0)).numberInJob, 1, "number")
        },
        StoreCheck("D2: a submitted run has a job of its own that is no job to anybody else") { store in
            let admission = try await store.submit(
                NewSubmission(settings: .fixture(name: "once"), idempotency: nil, creatorUserName: "a", time: t0))
            guard let run = try await store.run(admission.runID) else {
                throw ConformanceViolation(description: "no run")
            }
            try checkEqual(run.runType, .submitRun, "run_type")
            try checkEqual(run.numberInJob, 1, "number_in_job")
            try checkEqual(run.runName, "once", "run_name")
            try check(try await store.jobs(after: nil, limit: 10).isEmpty, "jobs/list shows it")
            try check(try await store.job(run.jobID) == nil, "jobs/get shows it")
            try checkEqual(try await store.cancelRuns(of: run.jobID, at: t0), [run.id], "cancel-all")
        },
    ]
}
