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
import Testing

@Suite("E6: health")
struct HealthWatcherTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock()
    private let runner: SimulatedTaskDriver

    private var store: SQLiteStore { temporary.store }

    init() throws {
        temporary = try TemporaryStore()
        runner = SimulatedTaskDriver(clock: clock)
    }

    private var watcher: HealthWatcher {
        HealthWatcher(
            store: store, drivers: runner.registry, clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    private func run(expected seconds: Int32..., retries: Int32 = 0) async throws -> RunID {
        let settings = JobSettings.fixture(maxRetries: retries).expecting(seconds: seconds)
        let job = try await store.createJob(settings, by: "a", at: clock.now)
        return try await store.admit(.fixture(of: job, at: clock.now)).runID
    }

    @Test("a run that takes longer than expected is told of once, whatever restarts in between")
    func once() async throws {
        let run = try await run(expected: 60, 10)
        let start = clock.now
        #expect(try await watcher.runOnce() == start + .milliseconds(10_001))
        clock.advance(by: .seconds(10))
        _ = try await watcher.runOnce()
        #expect(try await store.healthWarning(of: run) == nil, "the metric must be greater")
        clock.advance(by: .milliseconds(1))
        #expect(try await watcher.runOnce() == nil)
        let warning = HealthWarning(run: run, time: clock.now, expectedSeconds: 10)
        #expect(try await store.healthWarning(of: run) == warning)
        clock.advance(by: .seconds(100))
        _ = try await watcher.runOnce()
        #expect(try await store.healthWarning(of: run) == warning)
        #expect(try await store.warnOfSlowRuns(at: clock.now, sparing: []).isEmpty)
    }

    @Test("a task that ended in time while nobody looked is not slow")
    func endedUnseen() async throws {
        let (inTime, late) = (try await run(expected: 10), try await run(expected: 10))
        runner.recordEnd(of: inTime, at: clock.now + .seconds(10))
        runner.recordEnd(of: late, at: clock.now + .milliseconds(10_001))
        clock.advance(by: .seconds(60))
        #expect(try await watcher.runOnce() == nil)
        #expect(try await store.healthWarning(of: inTime) == nil)
        #expect(try await store.healthWarning(of: late) != nil)
    }

    @Test("a run that has ended in time is not; its retry has a time of its own")
    func endedAndRetried() async throws {
        let run = try await run(expected: 10, retries: 1)
        let failed = try await store.record(
            .failedInternally(message: "x"), of: run, at: clock.now + .seconds(9), facts: RunFacts())
        clock.advance(by: .seconds(12))
        _ = try await watcher.runOnce()
        #expect(try await store.healthWarning(of: run) == nil)
        let retry = try #require(failed.retry)
        #expect(try await store.healthWarning(of: retry) == nil)
        clock.advance(by: .seconds(8))
        _ = try await watcher.runOnce()
        #expect(try await store.healthWarning(of: retry) != nil)
    }
}
