// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

extension StoreConformance {
    static let lifeCycleChecks: [StoreCheck] = [
        StoreCheck("D11: a run's way is written step by step, with times and result") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await end(run, .succeeded, in: store)
            let steps = try await store.transitions(of: run)
            try checkEqual(steps.map(\.to.lifeCycleState), [.pending, .running, .terminating, .terminated], "states")
            try checkEqual(steps.map(\.from), [nil, .pending, .running, .terminating], "from")
            try checkEqual(steps.map(\.time), [at(0), at(10), at(30), at(35)], "times")
            let view = try found(try await store.run(run), "run")
            try checkEqual(view.times.setupDuration, 10, "setup")
            try checkEqual(view.times.executionDuration, 20, "execution")
            try checkEqual(view.times.cleanupDuration, 5, "cleanup")
            try checkEqual(view.state, RunState(.terminated, .success, message: ""), "state")
            try checkEqual(view.usage?.exitCode, 0, "exit code")
            try check(try await store.activeRuns().isEmpty, "it is still active")
        },
        StoreCheck(
            "E1, E2: in every state every event does what RunStateMachine says, and a step is written if it moves"
        ) { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 1000), by: "a", at: t0)
            let cases = waysToStates().flatMap { way in RunEvent.examples.map { (way, $0) } }
            _ = try await allAtOnce(cases.count) { index in
                let (way, event) = cases[index]
                let run = try await store.admit(.fixture(of: job, at: t0)).runID
                for event in way.events { try await record(event, of: run, at: t0, in: store) }
                let recorded = try await record(event, of: run, at: at(1), in: store)
                let before = try await store.transitions(of: run).prefix(way.events.count + 1)
                var steps = Array(before)
                var expected = RecordedEvent(state: way.state, changed: false, retry: nil)
                if case .move(let next) = RunStateMachine.decide(way.state, event) {
                    expected = RecordedEvent(state: next, changed: true, retry: nil)
                    steps.append(RunTransition(time: at(1), from: way.state.lifeCycleState, to: next))
                }
                let what = "\(event) in \(way.state)"
                try checkEqual(recorded, expected, what)
                try checkEqual(try await store.transitions(of: run), steps, "steps after \(what)")
                try checkEqual(try await state(of: run, in: store), expected.state, "state after \(what)")
            }
        },
        StoreCheck("a SKIPPED run stays SKIPPED, whatever happens to it") { store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            for event in RunEvent.examples {
                try checkEqual(try await record(event, of: run, at: at(1), in: store).changed, false, "\(event)")
            }
            try checkEqual(try await store.transitions(of: run).map(\.to.lifeCycleState), [.skipped], "steps")
        },
        StoreCheck("an event that comes too late is ignored and leaves no trace but what else was known by then") {
            store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try checkEqual(try await store.cancelRun(run, at: at(1)), [run], "runs to end")
            try checkEqual(try await store.cancelRun(run, at: at(2)), [], "cancelled twice")
            let usage = TaskUsage(exitCode: nil, signal: 9, cpuTime: .milliseconds(7), peakMemory: 1 << 40)
            let cluster = ClusterInstance(clusterID: ClusterID("0101-000000-abcdefgh"), sparkContextID: "app-1")
            let late = try await store.record(
                .taskStarted, of: run, at: at(3), facts: RunFacts(cluster: cluster, usage: usage))
            try checkEqual(late.changed, false, "changed")
            try checkEqual(try await store.transitions(of: run).count, 2, "transitions")
            try checkEqual(try await store.run(run)?.usage, usage, "usage")
            try checkEqual(try await store.run(run)?.clusterInstance, cluster, "cluster")
        },
        StoreCheck("D6: what has ended cannot be cancelled; cancel-all asks what is active, and nothing else, to stop")
        {
            store in
            let job = try await store.createJob(.fixture(maxConcurrentRuns: 3), by: "a", at: t0)
            let other = try await store.createJob(.fixture(), by: "a", at: t0)
            var runs: [RunID] = []
            for _ in 0..<4 { runs.append(try await store.admit(.fixture(of: job, at: t0)).runID) }
            let untouched = try await store.admit(.fixture(of: other, at: t0)).runID
            try await end(runs[0], .succeeded, in: store)
            try await record(.taskStarted, of: runs[1], at: at(1), in: store)
            for ended in [runs[0], runs[3]] {
                try checkEqual(try await store.cancelRun(ended, at: at(40)), [], "an ended run")
            }
            try checkEqual(Set(try await store.cancelRuns(of: job, at: at(50))), [runs[1], runs[2]], "runs to end")
            try checkEqual(try await store.cancelRuns(of: job, at: at(51)), [], "again")
            for run in runs[1...2] {
                let state = try found(try await state(of: run, in: store), "run")
                try checkEqual(state.lifeCycleState, .terminating, "state")
                try checkEqual(state.resultState, .canceled, "result")
                try checkEqual(state.userCancelledOrTimedOut, true, "user_cancelled_or_timedout")
            }
            try checkEqual(try await state(of: untouched, in: store)?.lifeCycleState, .pending, "of another job")
        },
        StoreCheck("D7: only a run that has ended can be deleted, and then with its steps") { store in
            let job = try await store.createJob(.fixture(), by: "a", at: t0)
            let run = try await store.admit(.fixture(of: job, at: t0)).runID
            try await checkThrows(.runIsActive(run)) { try await store.deleteRun(run, at: t0) }
            try await end(run, .succeeded, in: store)
            try checkEqual(try await store.deleteRun(run, at: t0), [run], "removed")
            try check(try await store.run(run) == nil, "still there")
            try check(try await store.transitions(of: run).isEmpty, "its steps are still there")
            try await checkThrows(.runDoesNotExist(run)) { try await store.deleteRun(run, at: t0) }
        },
        StoreCheck("a run that is not there is refused as such, and nothing is known of it") { store in
            let run = RunID(9999)
            try await checkThrows(.runDoesNotExist(run)) { _ = try await store.cancelRun(run, at: t0) }
            try await checkThrows(.runDoesNotExist(run)) { try await store.deleteRun(run, at: t0) }
            try await checkThrows(.runDoesNotExist(run)) { try await record(.cleanedUp, of: run, at: t0, in: store) }
            try check(try await store.run(run) == nil, "runs/get shows it")
            try check(try await store.run(forExecution: run) == nil, "the engine sees it")
            try checkEqual(try await store.transitions(of: run), [], "steps")
            try checkEqual(try await store.relatives(of: run), RunRelatives(parent: nil, children: []), "relatives")
            try checkEqual(try await store.healthWarning(of: run), nil, "warning")
        },
    ]

    /// The shortest way from PENDING to each state that a run can come to.
    private static func waysToStates() -> [(events: [RunEvent], state: RunState)] {
        var ways = [(events: [RunEvent](), state: RunStateMachine.admitted)]
        var next = 0
        while next < ways.count {
            let way = ways[next]
            next += 1
            for event in RunEvent.examples {
                guard case .move(let state) = RunStateMachine.decide(way.state, event) else { continue }
                if !ways.contains(where: { $0.state == state }) { ways.append((way.events + [event], state)) }
            }
        }
        return ways
    }
}
