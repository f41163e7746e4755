// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let submissionChecks: [StoreCheck] = [
        StoreCheck("D2: a submitted run has a job of its own that is no job to anybody else") { store in
            let admission = try await store.submit(.fixture(.fixture(name: "once"), by: "ann", at: t0))
            let run = try found(try await store.run(admission.runID), "run")
            try checkEqual(run.jobID, admission.jobID, "job_id")
            try checkEqual(run.runType, .submitRun, "run_type")
            try checkEqual(run.trigger, .oneTime, "trigger")
            try checkEqual(run.numberInJob, 1, "number_in_job")
            try checkEqual(run.runName, "once", "run_name")
            try checkEqual(run.creatorUserName, "ann", "creator")
            try check(try await store.jobs(after: nil, limit: 10).isEmpty, "jobs/list shows it")
            let job = run.jobID
            try check(try await store.job(job) == nil, "jobs/get shows it")
            try await checkThrows(.jobDoesNotExist(job)) { _ = try await store.admit(.fixture(of: job, at: t0)) }
            try await checkThrows(.jobDoesNotExist(job)) { try await change(job, in: store) { _ in } }
            try await checkThrows(.jobDoesNotExist(job)) { _ = try await store.deleteJob(job, at: t0) }
            try checkEqual(try await store.cancelRuns(of: job, at: t0), [run.id], "cancel-all")
        },
        StoreCheck("D3: 50 submissions with one token at once make one run of one job") { store in
            let admissions = try await allAtOnce(50) { _ in try await store.submit(.fixture(token: "t", at: t0)) }
            try checkEqual(Set(admissions.map(\.runID)).count, 1, "runs")
            try checkEqual(Set(admissions.map(\.jobID)).count, 1, "jobs")
            try checkEqual(admissions.filter { $0.origin == .created }.count, 1, "created")
            let other = try await store.submit(.fixture(token: "t", digest: "another", at: t0))
            try checkEqual(other.runID, admissions[0].runID, "run")
            try checkEqual(other.origin, .repeatedWithOtherRequest, "origin")
            try checkEqual(try await store.activeRuns().count, 1, "active runs")
        },
        StoreCheck("D3, D7: the token of a submitted run that was deleted launches nothing, though its job is gone") {
            store in
            let admission = try await store.submit(.fixture(token: "t", at: t0))
            try await cancel(admission.runID, at: at(1), in: store)
            try checkEqual(try await store.deleteRun(admission.runID, at: at(2)), [admission.runID], "removed")
            try await checkThrows(.idempotencyTokenOfDeletedRun(token: "t", run: admission.runID)) {
                _ = try await store.submit(.fixture(token: "t", at: at(3)))
            }
            try await checkThrows(.jobDoesNotExist(admission.jobID)) {
                _ = try await store.cancelRuns(of: admission.jobID, at: at(4))
            }
        },
    ]
}
