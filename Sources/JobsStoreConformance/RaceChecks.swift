// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let raceChecks: [StoreCheck] = [
        StoreCheck("E1, E2: of a hundred that end a run at once one decides how, and its steps are a chain") { store in
            for _ in 0..<5 {
                let run = try await runningRun(in: store)
                let events: [RunEvent] = [
                    .taskEnded(.succeeded), .taskEnded(.failed(message: "x")), .stopRequested(.canceledByUser),
                    .stopRequested(.timedOut(afterSeconds: 1)), .failedInternally(message: "x"), .cleanedUp,
                ]
                let recorded = try await allAtOnce(100) { index in
                    try await record(events[index % events.count], of: run, at: at(3), in: store)
                }
                let steps = try await store.transitions(of: run)
                try checkEqual(steps.count, 2 + recorded.filter(\.changed).count, "steps")
                for (before, after) in zip(steps, steps.dropFirst()) {
                    try checkEqual(after.from, before.to.lifeCycleState, "the state that a step leaves")
                }
                let results = Set(steps.compactMap(\.to.resultState))
                try checkEqual(results.count, 1, "results \(results)")
                try checkEqual(try await state(of: run, in: store), steps.last?.to, "state")
            }
        },
        StoreCheck("E4: however many record the end of an attempt at once, it has one retry") { store in
            let job = try await store.createJob(
                .fixture(maxConcurrentRuns: 1000, maxRetries: -1), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await record(.taskStarted, of: run, at: at(1), in: store)
            try await record(.taskEnded(.failed(message: "x")), of: run, at: at(2), in: store)
            let recorded = try await allAtOnce(50) { _ in try await record(.cleanedUp, of: run, at: at(3), in: store) }
            let retry = try found(recorded.compactMap(\.retry).first, "retry")
            try checkEqual(recorded.compactMap(\.retry), [retry], "retries that were told of")
            try checkEqual(try await store.activeRuns().map(\.id), [retry], "retries")
        },
        StoreCheck("of many that cancel a run at once, one is told that it has to be ended") { store in
            let run = try await runningRun(in: store)
            let told = try await allAtOnce(50) { _ in try await store.cancelRun(run, at: at(3)) }
            try checkEqual(told.filter { !$0.isEmpty }, [[run]], "runs to end")
        },
        StoreCheck("a notebook that starts runs while it ends leaves none behind that goes on") { store in
            for _ in 0..<5 {
                let parent = try await runningRun(in: store)
                let outcomes = await atOnce(40) { index -> RunID? in
                    if index == 20 {
                        try await record(.taskEnded(.succeeded), of: parent, at: at(4), in: store)
                        return nil
                    }
                    return try await store.startChild(.fixture(of: parent, at: at(3))).runID
                }
                for outcome in outcomes {
                    switch outcome {
                    case .success(nil): break
                    case .success(let child?):
                        try checkEqual(
                            try await state(of: child, in: store)?.lifeCycleState, .terminating, "run \(child)")
                    case .failure(let error):
                        try checkEqual(error as? StoreError, .runIsNotRunning(parent), "the refusal")
                    }
                }
            }
        },
        StoreCheck("of many that delete a run at once one removes it") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            let outcomes = await atOnce(20) { _ in try await store.deleteRun(run, at: at(1)) }
            try checkEqual(outcomes.compactMap { try? $0.get() }, [[run]], "removed")
        },
    ]
}
