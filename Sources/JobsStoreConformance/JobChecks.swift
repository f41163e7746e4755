// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let jobChecks: [StoreCheck] = [
        StoreCheck("a job is found as it was written") { store in
            let id = try await store.createJob(.fixture(name: "nightly é"), by: "ann", at: t0)
            guard let job = try await store.job(id) else { throw ConformanceViolation(description: "no job") }
            try checkEqual(job.creatorUserName, "ann", "creator")
            try checkEqual(job.createdTime, t0, "created_time")
            try check(job.definition.settings.name == "nightly é", "settings: \(job.definition.settings)")
        },
        StoreCheck("jobs are listed in pages without gap or overlap") { store in
            var ids: [JobID] = []
            for index in 0..<25 { ids.append(try await store.createJob(.fixture(name: "\(index)"), by: "a", at: t0)) }
            var listed: [JobID] = []
            while true {
                let page = try await store.jobs(after: listed.last, limit: 10)
                listed += page.map(\.id)
                if page.count < 10 { break }
            }
            try checkEqual(listed, ids, "ids")
        },
        StoreCheck("new settings replace the old ones, and a refused change changes nothing") { store in
            let id = try await store.createJob(.fixture(name: "old"), by: "a", at: t0)
            try await store.changeSettings(of: id, at: t0) { _ in .fixture(name: "new", maxConcurrentRuns: 3) }
            try check(try await store.job(id)?.definition.settings.name == "new", "not changed")
            struct Refused: Error {}
            do {
                try await store.changeSettings(of: id, at: t0) { _ in throw Refused() }
                throw ConformanceViolation(description: "the refusal was swallowed")
            } catch is Refused {}
            try check(try await store.job(id)?.definition.settings.name == "new", "changed by a refused change")
            try await checkThrows(.jobDoesNotExist(JobID(9999))) {
                try await store.changeSettings(of: JobID(9999), at: t0) { $0 }
            }
        },
        StoreCheck("E5: a new timeout holds for active runs at once, and for no other") { store in
            let id = try await store.createJob(.fixture(maxConcurrentRuns: 5), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: id, at: t0)).runID
            try checkEqual(try await store.nextDeadline(), nil, "deadline without timeout")
            try await store.changeSettings(of: id, at: t0) { settings in
                var settings = settings
                settings.timeoutSeconds = 5
                return settings
            }
            try checkEqual(try await store.nextDeadline(), at(5000), "deadline")
            try checkEqual(try await store.overdueRuns(at: at(4999)), [], "overdue too early")
            try checkEqual(
                try await store.overdueRuns(at: at(5001)),
                [RunDeadline(run: run, taskKind: .sparkPython, time: at(5000))], "overdue")
            try checkEqual(try await store.stopTimedOutRuns(at: at(4999), sparing: []), [], "stopped too early")
            try checkEqual(try await store.stopTimedOutRuns(at: at(5000), sparing: [run]), [], "spared")
            try checkEqual(try await store.stopTimedOutRuns(at: at(5000), sparing: []), [run], "stopped")
            let state = try await store.run(run)?.state
            try checkEqual(state?.lifeCycleState, .terminating, "state")
            try checkEqual(state?.resultState, .timedOut, "result")
            try checkEqual(state?.userCancelledOrTimedOut, true, "user_cancelled_or_timedout")
            try checkEqual(try await store.nextDeadline(), nil, "deadline of a stopped run")
        },
        StoreCheck("B5: a deleted job is gone with its history at once, its active runs are asked to stop") { store in
            let id = try await store.createJob(.fixture(maxConcurrentRuns: 5), by: "a", at: t0)
            let other = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: id, token: "t", at: t0)).runID
            let kept = try await store.admit(.fixture(of: other, at: t0)).runID
            try checkEqual(try await store.deleteJob(id, at: at(1)), [run], "runs to stop")
            try checkEqual(try await store.deleteJob(id, at: at(2)), [], "deleting again")
            try check(try await store.job(id) == nil, "the job is still there")
            try check(try await store.run(run) == nil, "its run is still there")
            try checkEqual(
                try await store.runs(RunQuery(offset: 0, limit: 10)).runs.map(\.id), [kept], "runs/list")
            try checkEqual(
                try await store.run(forExecution: run)?.state.lifeCycleState, .terminating, "the engine's view")
            try await checkThrows(.jobDoesNotExist(id)) { _ = try await store.admit(.fixture(of: id, at: t0)) }
            try await checkThrows(.idempotencyTokenOfDeletedRun(token: "t", run: run)) {
                _ = try await store.admit(.fixture(of: other, token: "t", at: t0))
            }
            try await checkThrows(.jobDoesNotExist(JobID(9999))) { _ = try await store.deleteJob(JobID(9999), at: t0) }
        },
    ]
}
