// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    /// A run that another has started, whose task runs.
    static func child(of parent: RunID, in store: StoreCheck.Store) async throws -> RunID {
        let run = try await store.startChild(.fixture(of: parent, at: at(3))).runID
        try await record(.taskStarted, of: run, at: at(4), in: store)
        return run
    }

    /// Runs that notebooks start (dbutils.notebook.run).
    static let childRunChecks: [StoreCheck] = [
        StoreCheck(
            "a run that a notebook starts is a WORKFLOW_RUN of its user, in a job of its own that nobody is shown"
        ) {
            store in
            let parent = try await runningRun(in: store)
            let admission = try await store.startChild(.fixture(of: parent, at: at(3)))
            let run = admission.runID
            let view = try found(try await store.run(run), "run")
            try checkEqual(view.runType, .workflowRun, "run_type")
            try checkEqual(view.trigger, .oneTime, "trigger")
            try checkEqual(view.creatorUserName, "tester", "creator")
            try checkEqual(view.jobID, admission.jobID, "job_id")
            try checkEqual(view.numberInJob, 1, "number_in_job")
            try checkEqual(view.runName, "b", "run_name")
            try checkEqual(view.times.start, at(3), "start_time")
            try checkEqual(view.state, RunStateMachine.admitted, "state")
            try checkEqual(try await store.jobs(after: nil, limit: 10).count, 1, "jobs")
            try check(try await store.job(view.jobID) == nil, "jobs/get shows it")
            try checkEqual(
                try await store.runs(RunQuery(runType: .workflowRun, offset: 0, limit: 5)).runs.map(\.id), [run],
                "runs/list")
        },
        StoreCheck("it runs its notebook with its arguments, on the cluster and with the libraries of its parent") {
            store in
            var settings = JobSettings.fixture(maxRetries: 3)
            settings.tasks[0].cluster = .existing(ClusterID("shared"))
            settings.tasks[0].libraries = [Library(jar: "dbfs:/a.jar")]
            let parent = try await runningRun(in: store, settings)
            let run = try await store.startChild(.fixture(of: parent, at: at(3))).runID
            let seen = try found(try await store.run(forExecution: run), "run")
            try checkEqual(
                seen.task.task, .notebook(NotebookTask(notebookPath: "/a/b", baseParameters: ["x": "1"])), "task")
            try checkEqual(seen.task.cluster, .existing(ClusterID("shared")), "cluster")
            try checkEqual(seen.task.libraries, [Library(jar: "dbfs:/a.jar")], "libraries")
            try checkEqual(seen.parentRunID, parent, "parent")
            try checkEqual(seen.workflowDepth, 1, "depth")
            try checkEqual(try await end(run, .failed(message: "x"), in: store), nil, "a retry, which nobody asked for")
        },
        StoreCheck("a parent sees the state of what it has started, and nobody else does") { store in
            let parent = try await runningRun(in: store)
            let other = try await runningRun(in: store)
            let run = try await child(of: parent, in: store)
            let grandchild = try await child(of: run, in: store)
            try checkEqual(try await store.state(ofChild: run, of: parent)?.lifeCycleState, .running, "to its parent")
            for (asked, by) in [(run, other), (parent, run), (grandchild, parent), (RunID(9999), parent)] {
                try checkEqual(try await store.state(ofChild: asked, of: by), nil, "run \(asked) to \(by)")
            }
            try await cancel(run, at: at(9), in: store)
            try checkEqual(
                try await store.state(ofChild: run, of: parent), try await state(of: run, in: store), "its end")
        },
        StoreCheck("a run knows the one that started it, and those that it started, by their ids, with their jobs") {
            store in
            let parent = try await runningRun(in: store)
            let first = try await child(of: parent, in: store)
            let second = try await child(of: parent, in: store)
            let grandchild = try await child(of: first, in: store)
            func relative(_ run: RunID) async throws -> RunRelatives.Relative {
                RunRelatives.Relative(jobID: try found(try await store.run(run), "run").jobID, runID: run)
            }
            let children = [try await relative(first), try await relative(second)]
            try checkEqual(
                try await store.relatives(of: parent), RunRelatives(parent: nil, children: children), "of the first")
            let below = RunRelatives(parent: try await relative(parent), children: [try await relative(grandchild)])
            try checkEqual(try await store.relatives(of: first), below, "of the one in the middle")
            try checkEqual(try await store.relatives(of: second).children, [], "of one that has started none")
        },
        StoreCheck("however often the same request for a run comes, it makes one run") { store in
            let parent = try await runningRun(in: store)
            let admissions = try await allAtOnce(50) { _ in
                try await store.startChild(.fixture(of: parent, token: "t", at: at(3)))
            }
            try checkEqual(Set(admissions.map(\.runID)).count, 1, "runs")
            try checkEqual(admissions.filter { $0.origin == .created }.count, 1, "created")
            try checkEqual(try await store.relatives(of: parent).children.count, 1, "children")
            // Also when the run that asked has ended by now.
            try await cancel(parent, at: at(5), in: store)
            let again = try await store.startChild(.fixture(of: parent, token: "t", at: at(6)))
            try checkEqual(again.runID, admissions[0].runID, "run")
        },
        StoreCheck("only a run whose task runs starts another") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            func checkRefused(_ what: String) async throws {
                do {
                    try await checkThrows(.runIsNotRunning(run)) {
                        _ = try await store.startChild(.fixture(of: run, at: at(3)))
                    }
                } catch {
                    throw ConformanceViolation(description: "\(what): \(error)")
                }
            }
            try await checkRefused("PENDING")
            try await record(.taskStarted, of: run, at: at(1), in: store)
            _ = try await store.cancelRun(run, at: at(2))
            try await checkRefused("TERMINATING")
            try await record(.cleanedUp, of: run, at: at(3), in: store)
            try await checkRefused("TERMINATED")
            try await checkThrows(.runDoesNotExist(RunID(9999))) {
                _ = try await store.startChild(.fixture(of: RunID(9999), at: at(3)))
            }
        },
        StoreCheck("runs wait for each other thirty levels deep, no deeper") { store in
            var run = try await runningRun(in: store)
            for depth in 1...NewChildRun.maxDepth {
                run = try await child(of: run, in: store)
                try checkEqual(try await store.run(forExecution: run)?.workflowDepth, depth, "depth")
            }
            try await checkThrows(.workflowTooDeep(limit: 30)) { _ = try await child(of: run, in: store) }
        },
    ]
}
