// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let changeCounterChecks: [StoreCheck] = [
        StoreCheck("the counter has grown when a change of jobs and runs is acknowledged") { store in
            var count = store.changeCount
            func checkGrew(_ what: String) throws {
                try check(store.changeCount > count, "\(what): \(store.changeCount) after \(count)")
                count = store.changeCount
            }
            let job = try await store.createJob(
                .scheduled("* * * * * ?").expecting(seconds: [1]).retried(), by: "a", at: t0)
            try checkGrew("createJob")
            try await change(job, in: store) { $0.timeoutSeconds = 100 }
            try checkGrew("changeSettings")
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkGrew("admit")
            let submitted = try await store.submit(.fixture(at: t0)).runID
            try checkGrew("submit")
            try await record(.taskStarted, of: run, at: at(1), in: store)
            try checkGrew("record")
            try await store.noteCluster(ClusterInstance(clusterID: .default), of: run)
            try checkGrew("noteCluster")
            _ = try await store.startChild(.fixture(of: run, at: at(2)))
            try checkGrew("startChild")
            _ = try await store.warnOfSlowRuns(at: at(seconds: 2), sparing: [])
            try checkGrew("warnOfSlowRuns")
            _ = try await fire(at: 2, in: store)
            try checkGrew("fireDue")
            _ = try await store.stopTimedOutRuns(at: at(seconds: 100), sparing: [])
            try checkGrew("stopTimedOutRuns")
            _ = try await store.cancelRun(submitted, at: at(seconds: 101))
            try checkGrew("cancelRun")
            try await record(.cleanedUp, of: submitted, at: at(seconds: 102), in: store)
            try checkGrew("record, at the end")
            try await store.deleteRun(submitted, at: at(seconds: 103))
            try checkGrew("deleteRun")
            try await record(.cleanedUp, of: run, at: at(seconds: 104), in: store)
            try checkGrew("record, with a retry")
            _ = try await store.cancelRuns(of: job, at: at(seconds: 105))
            try checkGrew("cancelRuns")
            _ = try await store.removeExpired(
                RemovalRequest(now: at(seconds: 999), cutoff: at(seconds: 900), limit: 9))
            try checkGrew("removeExpired")
            _ = try await store.deleteJob(job, at: at(seconds: 999))
            try checkGrew("deleteJob")
        },
        StoreCheck("it has grown for each of many changes that come at once, before that one is acknowledged") {
            store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            _ = try await allAtOnce(200) { index in
                let before = store.changeCount
                _ = try await store.admit(.fixture(of: job, at: t0))
                try check(store.changeCount > before, "change \(index): still \(before)")
            }
        },
    ]
}

extension JobSettings {
    fileprivate func retried() -> JobSettings {
        var settings = self
        settings.tasks[0].maxRetries = 1
        settings.tasks[0].retryOnTimeout = true
        return settings
    }
}
