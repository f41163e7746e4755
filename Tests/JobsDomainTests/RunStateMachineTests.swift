// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Testing

@Suite("E1, E2: the life cycle of a run")
struct RunStateMachineTests {
    static let states: [RunState] = [
        RunState(.pending, message: ""), RunState(.running, message: ""),
        RunState(.terminating, .success, message: ""), RunState(.terminating, .canceled, message: ""),
        RunState(.terminated, .success, message: ""), RunState(.skipped, message: ""),
        RunState(.internalError, .failed, message: ""),
    ]
    static let events: [RunEvent] = [
        .taskStarted, .taskEnded(.succeeded), .taskEnded(.failed(message: "boom")), .stopRequested(.canceledByUser),
        .stopRequested(.timedOut(afterSeconds: 5)), .stopRequested(.jobDeleted), .cleanedUp,
        .cleanUpFailed(message: "x"), .failedInternally(message: "x"),
    ]
    /// The edges of the specification and of contract E1.
    static let edges: Set<String> = [
        "PENDING>RUNNING", "PENDING>TERMINATING", "PENDING>INTERNAL_ERROR", "RUNNING>TERMINATING",
        "RUNNING>INTERNAL_ERROR", "TERMINATING>TERMINATED", "TERMINATING>INTERNAL_ERROR",
    ]

    @Test("no event draws an edge that the specification does not have, and none changes a result")
    func onlyLegalEdges() {
        for state in Self.states {
            for event in Self.events {
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
        for state in Self.states {
            for event in Self.events {
                if case .move(let next) = RunStateMachine.decide(state, event) {
                    drawn.insert("\(state.lifeCycleState.rawValue)>\(next.lifeCycleState.rawValue)")
                }
            }
        }
        #expect(drawn == Self.edges)
    }

    @Test("what has ended stays as it is", arguments: [RunLifeCycleState.terminated, .skipped, .internalError])
    func terminal(_ state: RunLifeCycleState) {
        for event in Self.events {
            #expect(RunStateMachine.decide(RunState(state, message: "m"), event) == .ignore)
        }
    }

    @Test("a cancel that was faster than the task's end keeps its result")
    func cancelWins() {
        guard case .move(let stopping) = RunStateMachine.decide(Self.states[1], .stopRequested(.canceledByUser)) else {
            Issue.record("a running run must stop")
            return
        }
        #expect(stopping == RunState(.terminating, .canceled, message: "Run cancelled.", userCancelledOrTimedOut: true))
        #expect(RunStateMachine.decide(stopping, .taskEnded(.succeeded)) == .ignore)
        #expect(RunStateMachine.decide(stopping, .failedInternally(message: "x")) == .ignore)
        #expect(RunStateMachine.decide(stopping, .stopRequested(.timedOut(afterSeconds: 1))) == .ignore)
    }
}
