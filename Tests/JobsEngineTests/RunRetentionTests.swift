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
import Synchronization
import Testing

@Suite("D10: runs are removed when their time is over")
struct RunRetentionTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock()
    private let outputs = RecordedOutputs()

    init() throws { temporary = try TemporaryStore() }

    private func retention(days: Int?) -> RunRetention {
        RunRetention(
            store: temporary.store, outputs: outputs,
            policy: RetentionPolicy(keep: days.map { .seconds($0 * 86_400) }), clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), batch: 2)
    }

    private func endedRuns(_ count: Int) async throws -> [RunID] {
        let job = try await temporary.store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: clock.now)
        var runs: [RunID] = []
        for _ in 0..<count { runs.append(try await temporary.store.admit(.fixture(of: job, at: clock.now)).runID) }
        return runs
    }

    @Test("sixty days after they ended, with their output, all of them")
    func expiry() async throws {
        let runs = try await endedRuns(5)
        outputs.found.withLock { $0 = runs }
        clock.advance(by: .seconds(60 * 86_400))
        #expect(try await retention(days: 60).runOnce().isEmpty, "not yet")
        clock.advance(by: .milliseconds(1))
        #expect(try await retention(days: nil).runOnce().isEmpty, "kept for ever")
        #expect(try await retention(days: 60).runOnce() == runs)
        #expect(outputs.found.withLock { $0 }.isEmpty)
    }

    @Test("output whose run is gone is swept after a crash; that of other runs stays")
    func sweep() async throws {
        let runs = try await endedRuns(1)
        outputs.found.withLock { $0 = runs + [RunID(999)] }
        try await retention(days: 60).sweep()
        #expect(outputs.found.withLock { $0 } == runs)
    }

    @Test("as a service it sweeps once, at its start, and removes every minute")
    func service() async throws {
        outputs.found.withLock { $0 = [RunID(999)] }
        let service = retention(days: 60).service
        try await withService(service) {
            try await clock.hasSleeper(for: .seconds(60))
            #expect(outputs.found.withLock { $0 }.isEmpty)
            outputs.found.withLock { $0 = [RunID(998)] }
            clock.advance(by: .seconds(60))
            try await clock.hasSleeper(for: .seconds(60))
            #expect(outputs.found.withLock { $0 } == [RunID(998)])
        }
    }
}

/// Outputs that are only there or not.
private final class RecordedOutputs: TaskOutputs {
    let found = Mutex<[RunID]>([])

    func output(of run: RunID, limit: Int) async throws -> TaskOutput { TaskOutput() }

    func removeOutput(of run: RunID) async throws { found.withLock { $0.removeAll { $0 == run } } }

    func runsWithOutput() async throws -> [RunID] { found.withLock { $0 } }
}
