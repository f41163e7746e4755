// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let timeoutChecks: [StoreCheck] = [
        StoreCheck("E5: a new timeout holds for active runs at once, and for no other") { store in
            let id = try await store.createJob(.fixture(maxConcurrentRuns: 5), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: id, at: t0)).runID
            try checkEqual(try await store.nextDeadline(), nil, "deadline without timeout")
            try await change(id, in: store) { $0.timeoutSeconds = 5 }
            try checkEqual(try await store.nextDeadline(), at(5000), "deadline")
            try checkEqual(try await store.overdueRuns(at: at(4999)), [], "overdue too early")
            try checkEqual(
                try await store.overdueRuns(at: at(5001)),
                [RunDeadline(run: run, taskKind: .sparkPython, time: at(5000))], "overdue")
            try checkEqual(try await store.stopTimedOutRuns(at: at(4999), sparing: []), [], "stopped too early")
            try checkEqual(try await store.stopTimedOutRuns(at: at(5000), sparing: [run]), [], "spared")
            try checkEqual(try await store.stopTimedOutRuns(at: at(5000), sparing: []), [run], "stopped")
            let state = try await state(of: run, in: store)
            try checkEqual(state?.lifeCycleState, .terminating, "state")
            try checkEqual(state?.resultState, .timedOut, "result")
            try checkEqual(state?.userCancelledOrTimedOut, true, "user_cancelled_or_timedout")
            try checkEqual(try await store.nextDeadline(), nil, "deadline of a stopped run")
        },
        StoreCheck("E5: a timeout counts from start_time, covers PENDING and RUNNING, and can be lifted") { store in
            let settings = JobSettings.fixture(maxConcurrentRuns: 9, timeoutSeconds: 5)
            let job = try await store.createJob(settings, by: "a", at: t0)
            let running = try await store.admit(.fixture(of: job, at: at(100))).runID
            let pending = try await store.admit(.fixture(of: job, at: at(200))).runID
            try await record(.taskStarted, of: running, at: at(4000), in: store)
            try checkEqual(try await store.nextDeadline(), at(5100), "the earliest deadline")
            try checkEqual(
                Set(try await store.overdueRuns(at: at(5200)).map(\.run)), [running, pending], "overdue")
            try await change(job, in: store) { $0.timeoutSeconds = 0 }
            try checkEqual(try await store.overdueRuns(at: at(9999)), [], "overdue without timeout")
            try checkEqual(try await store.stopTimedOutRuns(at: at(9999), sparing: []), [], "stopped without timeout")
            try await change(job, in: store) { $0.timeoutSeconds = 5 }
            try checkEqual(try await store.stopTimedOutRuns(at: at(5199), sparing: []), [running], "stopped")
            try checkEqual(try await store.nextDeadline(), at(5200), "the next deadline")
            try checkEqual(try await store.overdueRuns(at: at(5199)), [], "a run that was stopped is still overdue")
        },
        StoreCheck("E5: a run that times out takes those with it that it has started") { store in
            let parent = try await runningRun(in: store, .fixture(timeoutSeconds: 5))
            let child = try await store.startChild(.fixture(of: parent, at: at(3))).runID
            try checkEqual(
                Set(try await store.stopTimedOutRuns(at: at(5000), sparing: [])), [parent, child], "stopped")
            try checkEqual(try await state(of: parent, in: store)?.resultState, .timedOut, "the run's result")
            try checkEqual(try await state(of: child, in: store)?.resultState, .canceled, "result of what it started")
        },
        StoreCheck("E5: the timeout that a notebook gives to a run is the run's own") { store in
            let parent = try await runningRun(in: store)
            let child = try await store.startChild(.fixture(of: parent, timeoutSeconds: 2, at: at(3))).runID
            try checkEqual(try await store.nextDeadline(), at(2003), "deadline")
            try checkEqual(try await store.stopTimedOutRuns(at: at(2003), sparing: []), [child], "stopped")
            try checkEqual(try await state(of: parent, in: store)?.lifeCycleState, .running, "the run that started it")
        },
    ]
}
