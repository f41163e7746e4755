// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsTesting
import Testing

@Suite("E1, E2: the life cycle of a run")
struct RunStateMachineTests {
    /// The edges of the specification and of contract E1.
    static let edges: Set<String> = [
        "PENDING>RUNNING", "PENDING>TERMINATING", "PENDING>INTERNAL_ERROR", "RUNNING>TERMINATING",
        "RUNNING>INTERNAL_ERROR", "TERMINATING>TERMINATED", "TERMINATING>INTERNAL_ERROR",
    ]

    @Test("no event draws an edge that the specification does not have, and none changes a result")
    func onlyLegalEdges() {
        for state in RunState.possible {
            for event in RunEvent.examples {
                guard case .move(let next) = RunStateMachine.decide(state, event) else { continue }
                #expect(Self.edges.contains("\(state.lifeCycleState.rawValue)>\(next.lifeCycleState.rawValue)"))
                if let result = state.resultState { #expect(next.resultState == result) }
                let hasResult = next.resultState != nil
                switch next.lifeCycleState {
                case .pending, .running, .skipped: #expect(!hasResult)
                case .terminating, .terminated: #expect(hasResult)
                case .internalError: #expect(hasResult == (state.lifeCycleState != .pending))
                }
            }
        }
    }

    @Test("every edge can be reached, so that no run is stuck")
    func allEdges() {
        var drawn: Set<String> = []
        for state in RunState.possible {
            for event in RunEvent.examples {
                if case .move(let next) = RunStateMachine.decide(state, event) {
                    drawn.insert("\(state.lifeCycleState.rawValue)>\(next.lifeCycleState.rawValue)")
                }
            }
        }
        #expect(drawn == Self.edges)
    }

    @Test("what has ended stays as it is", arguments: RunState.possible.filter { !$0.lifeCycleState.isActive })
    func terminal(_ state: RunState) {
        for event in RunEvent.examples { #expect(RunStateMachine.decide(state, event) == .ignore) }
    }

    @Test("what has not ended can be ended: some event leads out of every active state")
    func noDeadEnd() {
        for state in RunState.possible where state.lifeCycleState.isActive {
            #expect(RunEvent.examples.contains { RunStateMachine.decide(state, $0) != .ignore }, "\(state)")
        }
    }

    @Test("a run whose task fails or succeeds has that result, and one that is stopped the reason's")
    func results() {
        var found: [String: Set<RunResultState>] = [:]
        for event in RunEvent.examples {
            guard case .move(let next) = RunStateMachine.decide(RunState(.running, message: ""), event) else {
                continue
            }
            let kind =
                switch event {
                case .taskEnded(.succeeded): "success"
                case .taskEnded(.failed), .failedInternally: "failure"
                case .stopRequested(.timedOut): "timeout"
                case .stopRequested(.canceledByUser), .stopRequested(.jobDeleted), .stopRequested(.parentEnded): "stop"
                case .taskStarted, .cleanedUp, .cleanUpFailed: "nothing"
                }
            found[kind, default: []].formUnion([next.resultState].compactMap(\.self))
        }
        #expect(
            found == ["success": [.success], "failure": [.failed], "timeout": [.timedOut], "stop": [.canceled]])
    }

    @Test("a cancel that was faster than the task's end keeps its result")
    func cancelWins() {
        let running = RunState(.running, message: "")
        guard case .move(let stopping) = RunStateMachine.decide(running, .stopRequested(.canceledByUser)) else {
            Issue.record("a running run must stop")
            return
        }
        #expect(stopping == RunState(.terminating, .canceled, message: "Run cancelled.", userCancelledOrTimedOut: true))
        #expect(RunStateMachine.decide(stopping, .taskEnded(.succeeded)) == .ignore)
        #expect(RunStateMachine.decide(stopping, .failedInternally(message: "x")) == .ignore)
        #expect(RunStateMachine.decide(stopping, .stopRequested(.timedOut(afterSeconds: 1))) == .ignore)
    }
}
