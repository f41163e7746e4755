// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let childRunEndChecks: [StoreCheck] = [
        StoreCheck("cancelling a run cancels all below it, whatever their states, and names them all") { store in
            let top = try await runningRun(in: store)
            let middle = try await child(of: top, in: store)
            let bottom = try await child(of: middle, in: store)
            let waiting = try await store.startChild(.fixture(of: middle, at: at(3))).runID
            let ended = try await child(of: top, in: store)
            try await end(ended, .succeeded, in: store)
            let sibling = try await runningRun(in: store)
            try checkEqual(
                Set(try await store.cancelRun(top, at: at(99))), [top, middle, bottom, waiting], "runs to end")
            for run in [top, middle, bottom, waiting] {
                try checkEqual(try await state(of: run, in: store)?.lifeCycleState, .terminating, "state of \(run)")
                try checkEqual(try await state(of: run, in: store)?.resultState, .canceled, "result of \(run)")
            }
            try checkEqual(try await state(of: ended, in: store)?.resultState, .success, "what had ended")
            try checkEqual(try await state(of: sibling, in: store)?.lifeCycleState, .running, "another run")
        },
        StoreCheck("cancel-all and the deletion of a job reach what its runs have started") { store in
            for deletes in [false, true] {
                let parent = try await runningRun(in: store)
                let run = try await child(of: parent, in: store)
                let job = try found(try await store.run(parent), "run").jobID
                let stopped =
                    deletes
                    ? try await store.deleteJob(job, at: at(9)) : try await store.cancelRuns(of: job, at: at(9))
                try checkEqual(Set(stopped), [parent, run], "runs to end")
                try checkEqual(
                    try await store.run(forExecution: run)?.state.lifeCycleState, .terminating, "what it started")
            }
        },
        StoreCheck("what a run has started ends with it, however it ends, and says why") { store in
            let ends: [RunEvent] = [
                .taskEnded(.succeeded), .taskEnded(.failed(message: "x")), .failedInternally(message: "x"),
                .stopRequested(.timedOut(afterSeconds: 1)),
            ]
            for event in ends {
                let parent = try await runningRun(in: store)
                let left = try await child(of: parent, in: store)
                let below = try await child(of: left, in: store)
                let recorded = try await record(event, of: parent, at: at(9), in: store)
                try checkEqual(Set(recorded.stopped), [left, below], "stopped by \(event)")
                let state = try found(try await state(of: left, in: store), "run")
                try checkEqual(state.lifeCycleState, .terminating, "state after \(event)")
                try checkEqual(state.resultState, .canceled, "result after \(event)")
                try check(
                    state.stateMessage.contains("run \(parent), which started it"), "message: \(state.stateMessage)")
            }
        },
        StoreCheck("the end of a run leaves the one that has started it alone") { store in
            let parent = try await runningRun(in: store)
            let run = try await child(of: parent, in: store)
            try checkEqual(try await store.cancelRun(run, at: at(9)), [run], "runs to end")
            try checkEqual(try await state(of: parent, in: store)?.lifeCycleState, .running, "its parent")
        },
        StoreCheck("D7: a run is deleted with what it has started, once that has ended too") { store in
            let parent = try await runningRun(in: store)
            let run = try await child(of: parent, in: store)
            try await cancel(parent, at: at(9), in: store)
            try await checkThrows(.runIsActive(run)) { try await store.deleteRun(parent, at: at(11)) }
            try await record(.cleanedUp, of: run, at: at(12), in: store)
            try checkEqual(Set(try await store.deleteRun(parent, at: at(13))), [parent, run], "removed")
            try check(try await store.run(run) == nil, "what it has started is still there")
        },
        StoreCheck("a run that a notebook has started can be deleted alone, and its parent no longer knows of it") {
            store in
            let parent = try await runningRun(in: store)
            let run = try await child(of: parent, in: store)
            try await end(run, .succeeded, in: store)
            try checkEqual(try await store.deleteRun(run, at: at(99)), [run], "removed")
            try checkEqual(try await store.relatives(of: parent).children, [], "children")
            try checkEqual(try await store.state(ofChild: run, of: parent), nil, "its state")
        },
        StoreCheck("D10: retention takes a run with what it has started, and waits for the last of it") { store in
            let parent = try await runningRun(in: store)
            let run = try await child(of: parent, in: store)
            try await cancel(parent, at: at(10), in: store)
            let request = RemovalRequest(now: at(100), cutoff: at(50), limit: 10)
            try checkEqual(try await store.removeExpired(request).runs, [], "removed too early")
            try await record(.cleanedUp, of: run, at: at(12), in: store)
            try checkEqual(Set(try await store.removeExpired(request).runs), [parent, run], "removed")
            try checkEqual(try await store.existing([parent, run]), [], "existing")
        },
    ]
}
