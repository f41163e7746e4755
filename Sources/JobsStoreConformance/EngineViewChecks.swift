// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let engineViewChecks: [StoreCheck] = [
        StoreCheck("the engine sees every run that has not ended, waiting retries too, oldest start first") { store in
            let job = try await store.createJob(
                .fixture(maxConcurrentRuns: 9, maxRetries: 1, minRetryIntervalMillis: 60_000), by: "a", at: t0)
            let late = try await store.admit(.fixture(of: job, at: at(9))).runID
            let early = try await store.admit(.fixture(of: job, at: t0)).runID
            let failed = try await store.admit(.fixture(of: job, at: t0)).runID
            let stopping = try await store.admit(.fixture(of: job, at: at(2))).runID
            try await record(.taskStarted, of: late, at: at(10), in: store)
            _ = try await store.cancelRun(stopping, at: at(10))
            let ended = try await record(.failedInternally(message: "x"), of: failed, at: at(1), in: store)
            let retry = try found(ended.retry, "retry")
            try checkEqual(
                try await store.activeRuns(),
                [
                    ActiveRun(id: early, lifeCycleState: .pending),
                    ActiveRun(id: stopping, lifeCycleState: .terminating),
                    ActiveRun(id: late, lifeCycleState: .running), ActiveRun(id: retry, lifeCycleState: .pending),
                ], "active runs")
            try checkEqual(
                try await store.activeRunCounts(), [.pending: 2, .running: 1, .terminating: 1], "counts")
        },
        StoreCheck("the engine sees runs of deleted jobs until they have ended") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            _ = try await store.deleteJob(job, at: at(1))
            try checkEqual(try await store.activeRuns(), [ActiveRun(id: run, lifeCycleState: .terminating)], "active")
            try await record(.cleanedUp, of: run, at: at(2), in: store)
            try checkEqual(try await store.activeRuns(), [], "active")
            try checkEqual(try await store.activeRunCounts(), [:], "counts")
        },
        StoreCheck("the engine finds in a run all that it takes to run it") { store in
            let settings = JobSettings.fixture(timeoutSeconds: 7)
            let job = try await store.createJob(settings, by: "ann", at: t0)
            let admission = try await store.admit(
                .fixture(of: job, parameters: .python(["é", ""]), by: "bob", at: at(3)))
            try checkEqual(
                try await store.run(forExecution: admission.runID),
                Run(
                    id: admission.runID, jobID: job, numberInJob: 1, taskKey: settings.tasks[0].taskKey,
                    parentRunID: nil, attemptNumber: 0, state: RunStateMachine.admitted, times: RunTimes(start: at(3)),
                    deadline: at(7003), clusterInstance: nil, task: settings.tasks[0],
                    parameters: .python(["é", ""]), creatorUserName: "bob"),
                "the run")
        },
        StoreCheck("the cluster is shown as soon as it is known") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkEqual(try await store.run(run)?.clusterInstance, nil, "before")
            for instance in [
                ClusterInstance(clusterID: .default), ClusterInstance(clusterID: .default, sparkContextID: "local-1"),
            ] {
                try await store.noteCluster(instance, of: run)
                try checkEqual(try await store.run(run)?.clusterInstance, instance, "after")
                try checkEqual(try await store.run(forExecution: run)?.clusterInstance, instance, "to the engine")
            }
        },
    ]
}
