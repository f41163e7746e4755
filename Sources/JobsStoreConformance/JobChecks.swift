// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let jobChecks: [StoreCheck] = [
        StoreCheck("a job is found as it was written") { store in
            var settings = JobSettings.scheduled("0 0 3 * * ?", "Asia/Tokyo").expecting(seconds: [60, 10])
                .notifying("bf2fbd0a-4a05-4300-98a5-303fc8132233")
            settings.name = "nightly é 🌙"
            settings.tasks[0].libraries = [Library(jar: "dbfs:/a.jar")]
            settings.tasks[0].maxRetries = -1
            try await store.addDestination(.fixture("bf2fbd0a-4a05-4300-98a5-303fc8132233"), at: t0)
            let id = try await store.createJob(settings, by: "ann", at: t0)
            let job = try found(try await store.job(id), "job")
            try checkEqual(job.id, id, "id")
            try checkEqual(job.creatorUserName, "ann", "creator")
            try checkEqual(job.createdTime, t0, "created_time")
            try checkEqual(try await Self.settings(of: id, in: store), settings, "settings")
        },
        StoreCheck("jobs are listed in pages without gap or overlap, deleted ones left out") { store in
            var ids: [JobID] = []
            for index in 0..<25 { ids.append(try await store.createJob(.fixture(name: "\(index)"), by: "a", at: t0)) }
            for index in [24, 10, 0] { _ = try await store.deleteJob(ids.remove(at: index), at: t0) }
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
            // `settings(of:in:)` reads them by a change that throws.
            for _ in 1...2 {
                try checkEqual(
                    try await settings(of: id, in: store), .fixture(name: "new", maxConcurrentRuns: 3), "settings")
            }
            try await checkThrows(.jobDoesNotExist(JobID(9999))) {
                try await store.changeSettings(of: JobID(9999), at: t0) { $0 }
            }
        },
        StoreCheck("changes of one job that come at once are made one after the other: none is lost") { store in
            let id = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            _ = try await allAtOnce(100) { _ in try await change(id, in: store) { $0.maxConcurrentRuns += 1 } }
            try checkEqual(try await settings(of: id, in: store).maxConcurrentRuns, 100, "changes")
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
            try await checkThrows(.idempotencyTokenOfDeletedRun(token: "t", run: run)) {
                _ = try await store.admit(.fixture(of: other, token: "t", at: t0))
            }
        },
        StoreCheck("a deleted job, and one that never was, are refused as jobs that do not exist") { store in
            let deleted = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: deleted, at: t0)).runID
            _ = try await store.deleteJob(deleted, at: at(1))
            for job in [deleted, JobID(9999)] {
                try await checkThrows(.jobDoesNotExist(job)) { _ = try await store.admit(.fixture(of: job, at: t0)) }
                try await checkThrows(.jobDoesNotExist(job)) { _ = try await store.cancelRuns(of: job, at: t0) }
                try await checkThrows(.jobDoesNotExist(job)) { try await change(job, in: store) { _ in } }
            }
            try await checkThrows(.jobDoesNotExist(JobID(9999))) { _ = try await store.deleteJob(JobID(9999), at: t0) }
            try await checkThrows(.runDoesNotExist(run)) { _ = try await store.cancelRun(run, at: t0) }
            try await record(.cleanedUp, of: run, at: at(2), in: store)
            try await checkThrows(.runDoesNotExist(run)) { try await store.deleteRun(run, at: t0) }
        },
        StoreCheck("B5: of runs that are asked for while their job is deleted, none goes on") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            let outcomes = await atOnce(60) { index in
                if index == 30 { return try await store.deleteJob(job, at: at(1)) }
                return [try await store.admit(.fixture(of: job, at: t0)).runID]
            }
            for case .failure(let error) in outcomes {
                try checkEqual(error as? StoreError, .jobDoesNotExist(job), "the refusal")
            }
            for run in try await store.activeRuns() {
                try checkEqual(run.lifeCycleState, .terminating, "run \(run.id)")
            }
        },
    ]
}
