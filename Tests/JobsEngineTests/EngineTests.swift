// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsEngine
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Logging
import ServiceLifecycle
import Testing

/// A store, a simulated compute and the engine's services under a clock that the test moves.
private struct Engine {
    let temporary: TemporaryStore
    let clock = ManualClock()
    let wakeUps = EngineEvents()
    let runner: SimulatedTaskDriver
    var store: SQLiteStore { temporary.store }

    init(_ script: @escaping @Sendable (Run) -> SimulatedTaskDriver.Script = { _ in .ends(.succeeded) }) throws {
        temporary = try TemporaryStore()
        runner = SimulatedTaskDriver(clock: clock, script)
    }

    /// The engine of a server that is started later, on the same store and compute.
    init(after previous: Engine) {
        temporary = previous.temporary
        runner = previous.runner
    }

    /// Runs `body` beside the engine's services, which are shut down afterwards.
    func running(_ body: () async throws -> Void) async throws {
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: RunDispatcher(
                            store: store, drivers: runner.registry, wakeUps: wakeUps, clock: clock, logger: logger,
                            pause: .milliseconds(50))),
                    .init(
                        service: TimeoutWatcher(
                            store: store, drivers: runner.registry, wakeUps: wakeUps, clock: clock, logger: logger
                        ).service),
                ], logger: logger))
        let services = Task { try await group.run() }
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await services.value
    }

    func job(_ settings: JobSettings = .fixture(maxConcurrentRuns: 1000)) async throws -> JobID {
        try await store.createJob(settings, by: "a", at: clock.now)
    }

    func start(_ job: JobID) async throws -> RunID {
        let run = try await store.admit(.fixture(of: job, at: clock.now)).runID
        wakeUps.runsChanged([run])
        return run
    }

    func state(of run: RunID, _ wanted: RunLifeCycleState) async throws -> RunState {
        try await eventually("run \(run) in \(wanted)", every: .milliseconds(2)) {
            let state = try await store.run(run)?.state
            return state?.lifeCycleState == wanted ? state : nil
        }
    }
}

@Suite("The engine")
struct EngineTests {
    @Test("a run goes its whole way, and its cluster is cleaned up")
    func wholeWay() async throws {
        let engine = try Engine()
        try await engine.running {
            let run = try await engine.start(try await engine.job())
            let state = try await engine.state(of: run, .terminated)
            #expect(state == RunState(.terminated, .success, message: ""))
            #expect(engine.runner.launches == [run: 1])
            #expect(engine.runner.cleanedUp == [run])
        }
    }

    @Test("a lost wake-up costs a moment, not a run")
    func lostWakeUp() async throws {
        let engine = try Engine()
        let job = try await engine.job()
        try await engine.running {
            let run = try await engine.store.admit(.fixture(of: job, at: engine.clock.now)).runID
            _ = try await eventually("run \(run) is found") {
                engine.clock.advance(by: .milliseconds(50))
                return try await engine.store.run(run)?.state.lifeCycleState == .terminated ? true : nil
            }
        }
    }

    @Test("a new run is left to its wake-up, which the scheduler may hold back; the poll after next takes it up")
    func heldHint() async throws {
        let engine = try Engine()
        let job = try await engine.job()
        let clock = engine.clock
        func looked() async throws {
            _ = try await eventually("the dispatcher sleeps") {
                clock.nextDeadline == clock.now + .milliseconds(50) ? true : nil
            }
        }
        try await engine.running {
            try await looked()
            let held = try await engine.store.admit(.fixture(of: job, at: clock.now)).runID
            clock.advance(by: .milliseconds(50))
            try await looked()
            // Its wake-up comes after whatever the look has found.
            _ = try await engine.state(of: try await engine.start(job), .terminated)
            #expect(try await engine.store.run(held)?.state.lifeCycleState == .pending)
            clock.advance(by: .milliseconds(50))
            _ = try await engine.state(of: held, .terminated)
        }
    }

    @Test("a clock that is set back does not put the look for timeouts off")
    func timeoutAfterClockWasSetBack() async throws {
        let engine = try Engine { _ in .runsUntilStopped }
        try await engine.running {
            // The watcher sleeps now, for at most a second.
            _ = try await eventually("somebody sleeps") { engine.clock.nextDeadline }
            engine.clock.advance(by: .seconds(-3600))
            let run = try await engine.start(try await engine.job(.fixture(timeoutSeconds: 60)))
            _ = try await eventually("run \(run) is stopped") {
                engine.clock.advance(by: .seconds(1))
                let passed = engine.clock.now - Timestamp(milliseconds: 1_700_000_000_000 - 3_600_000)
                if passed > .seconds(1800) { throw NeverHappened(description: "stopped within half an hour") }
                return try await engine.store.run(run)?.state.resultState == .timedOut ? true : nil
            }
        }
    }

    @Test("cancelling a running task ends it; the result is CANCELED and nothing is tried again")
    func cancel() async throws {
        let engine = try Engine { _ in .runsUntilStopped }
        try await engine.running {
            let job = try await engine.job(.fixture(maxRetries: 5))
            let run = try await engine.start(job)
            _ = try await engine.state(of: run, .running)
            #expect(try await engine.store.cancelRun(run, at: engine.clock.now) == [run])
            engine.wakeUps.runsChanged([run])
            let state = try await engine.state(of: run, .terminated)
            #expect(state.resultState == .canceled)
            #expect(state.userCancelledOrTimedOut)
            #expect(try await engine.store.activeRuns().isEmpty)
        }
    }

    @Test("a timeout stops a running task when its time has come, not before")
    func timeout() async throws {
        let engine = try Engine { _ in .runsUntilStopped }
        try await engine.running {
            let run = try await engine.start(try await engine.job(.fixture(timeoutSeconds: 60)))
            _ = try await engine.state(of: run, .running)
            engine.clock.advance(by: .milliseconds(59_999))
            #expect(try await engine.store.stopTimedOutRuns(at: engine.clock.now, sparing: []).isEmpty)
            engine.clock.advance(by: .milliseconds(1))
            let state = try await engine.state(of: run, .terminated)
            #expect(state.resultState == .timedOut)
        }
    }

    @Test("E8: a task that ended in time while nobody looked keeps its result, one that ended later has timed out")
    func endedUnseen() async throws {
        let engine = try Engine { _ in .runsUntilStopped }
        let job = try await engine.job(.fixture(maxConcurrentRuns: 10, timeoutSeconds: 60))
        var runs: [RunID] = []
        for seconds in [10, 60, 61, nil] {
            let run = try await engine.start(job)
            _ = try await engine.store.record(.taskStarted, of: run, at: engine.clock.now, facts: RunFacts())
            if let seconds { engine.runner.recordEnd(of: run, at: engine.clock.now + .seconds(seconds)) }
            runs.append(run)
        }
        engine.clock.advance(by: .seconds(100))
        let watcher = TimeoutWatcher(
            store: engine.store, drivers: engine.runner.registry, wakeUps: engine.wakeUps, clock: engine.clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        #expect(try await watcher.runOnce() == nil)
        let states = try await engine.store.activeRuns().map(\.lifeCycleState)
        #expect(states == [.running, .running, .terminating, .terminating])
    }

    @Test("a failed run is tried again after its interval, and no oftener than allowed")
    func retries() async throws {
        let engine = try Engine { run in run.attemptNumber < 2 ? .ends(.failed(message: "boom")) : .ends(.succeeded) }
        try await engine.running {
            let job = try await engine.job(.fixture(maxRetries: 3, minRetryIntervalMillis: 30_000))
            let first = try await engine.start(job)
            _ = try await engine.state(of: first, .terminated)
            let second = RunID(first.rawValue + 1)
            #expect(try await engine.state(of: second, .pending).lifeCycleState == .pending)
            #expect(engine.runner.launches[second] == nil)
            engine.clock.advance(by: .seconds(30))
            _ = try await engine.state(of: second, .terminated)
            let third = RunID(first.rawValue + 2)
            engine.clock.advance(by: .seconds(30))
            #expect(try await engine.state(of: third, .terminated).resultState == .success)
            #expect(try await engine.store.runs(RunQuery(offset: 0, limit: 10)).runs.count == 3)
        }
    }

    @Test("a retry that waits can be cancelled")
    func cancelWaitingRetry() async throws {
        let engine = try Engine { _ in .ends(.failed(message: "boom")) }
        try await engine.running {
            let first = try await engine.start(
                try await engine.job(.fixture(maxRetries: -1, minRetryIntervalMillis: 3_600_000)))
            _ = try await engine.state(of: first, .terminated)
            let retry = RunID(first.rawValue + 1)
            _ = try await engine.state(of: retry, .pending)
            _ = try await engine.store.cancelRun(retry, at: engine.clock.now)
            engine.wakeUps.runsChanged([retry])
            #expect(try await engine.state(of: retry, .terminated).resultState == .canceled)
            #expect(engine.runner.launches[retry] == nil)
        }
    }

    @Test(
        "what the service cannot do is INTERNAL_ERROR with its reason",
        arguments: [
            (SimulatedTaskDriver.Script.failsToPrepare("no such library"), "no such library"),
            (.failsToLaunch("no supervisor"), "no supervisor"), (.isLost, "The task was lost."),
        ] as [(SimulatedTaskDriver.Script, String)])
    func internalErrors(_ script: SimulatedTaskDriver.Script, _ message: String) async throws {
        let engine = try Engine { _ in script }
        try await engine.running {
            let run = try await engine.start(try await engine.job())
            #expect(try await engine.state(of: run, .internalError).stateMessage == message)
        }
    }

    @Test(
        "a server that is shut down leaves running tasks alone, and the next one takes them up without a second launch")
    func takesUp() async throws {
        let engine = try Engine { _ in .runsUntilStopped }
        let job = try await engine.job()
        var runs: [RunID] = []
        try await engine.running {
            for _ in 0..<10 { runs.append(try await engine.start(job)) }
            for run in runs { _ = try await engine.state(of: run, .running) }
        }
        for run in runs { #expect(try await engine.store.run(run)?.state.lifeCycleState == .running) }
        let later = Engine(after: engine)
        try await later.running {
            for run in runs {
                await engine.runner.stop(run)
                let state = try await later.state(of: run, .terminated)
                #expect(state.resultState == .failed)
            }
        }
        #expect(engine.runner.launches.values.allSatisfy { $0 == 1 })
    }
}
