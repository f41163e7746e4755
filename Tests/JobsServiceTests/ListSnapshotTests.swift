// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsServerTesting
import JobsService
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("D4: walks through runs/list")
struct ListWalkTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock()
    private let service: RunService
    private let job: JobID
    private let ann = Principal(userName: "ann", isAdmin: false)

    private var store: SQLiteStore { temporary.store }

    init() async throws {
        temporary = try TemporaryStore()
        service = RunService(
            store: temporary.store, outputs: NoOutputs(), wakeUps: NoEngineWakeUps(), clock: clock,
            allowsLocalFiles: false)
        let settings = JobSettings.fixture(maxConcurrentRuns: 1000, maxRetries: 1, minRetryIntervalMillis: 3_600_000)
        job = try await temporary.store.createJob(settings, by: "a", at: clock.now)
    }

    @discardableResult
    private func addRun() async throws -> RunID {
        try await store.admit(.fixture(of: job, at: clock.now)).runID
    }

    private func page(_ offset: Int, by principal: Principal? = nil) async throws -> RunListResponse {
        let request: JSONObject = ["offset": .integer(Int64(offset)), "limit": .integer(3)]
        return try await service.list(DecodedRequest(request), by: principal ?? ann)
    }

    @Test("runs that are created between two pages shift nothing, whatever their start times")
    func creation() async throws {
        var runs: [RunID] = []
        for _ in 0..<8 {
            runs.insert(try await addRun(), at: 0)
            clock.advance(by: .seconds(1))
        }
        // A retry that waits is the newest: all that is created within its hour comes after it in the list.
        let failed = try await store.record(
            .failedInternally(message: "x"), of: runs[2], at: clock.now, facts: RunFacts())
        runs.insert(try #require(failed.retry), at: 0)

        var walked: [RunID] = []
        while true {
            let page = try await page(walked.count)
            walked += page.runs.map(\.run.id)
            try await addRun()
            clock.advance(by: .seconds(-5))
            try await addRun()
            if !page.hasMore { break }
        }
        #expect(walked == runs)
        #expect(try await page(0).runs.count == 3)
    }

    @Test("two walks of one client keep apart, and the newest run of a walk may go")
    func twoWalks() async throws {
        var runs: [RunID] = []
        for _ in 0..<6 { runs.insert(try await addRun(), at: 0) }
        #expect(try await page(0).runs.map(\.run.id) == Array(runs[0..<3]))
        let later = try await addRun()
        #expect(try await page(0).runs.map(\.run.id) == [later] + runs[0..<2])
        // The walk that waits longer goes on first.
        #expect(try await page(3).runs.map(\.run.id) == Array(runs[3..<6]))
        _ = try await store.cancelRun(later, at: clock.now)
        _ = try await store.record(.cleanedUp, of: later, at: clock.now, facts: RunFacts())
        try await store.deleteRun(later, at: clock.now)
        try await addRun()
        // Counted from what is left of the second walk.
        #expect(try await page(3).runs.map(\.run.id) == Array(runs[3..<6]))
    }

    @Test("somebody else's walk, or one that was left for ten minutes, holds nobody to its beginning")
    func newWalks() async throws {
        var runs: [RunID] = []
        for _ in 0..<6 { runs.insert(try await addRun(), at: 0) }
        _ = try await page(0)
        runs.insert(try await addRun(), at: 0)
        let bob = Principal(userName: "bob", isAdmin: false)
        #expect(try await page(3, by: bob).runs.map(\.run.id) == Array(runs[3..<6]))
        clock.advance(by: .seconds(601))
        #expect(try await page(3).runs.map(\.run.id) == Array(runs[3..<6]))
    }
}

/// No task has written anything.
private struct NoOutputs: TaskOutputs {
    func output(of run: RunID, limit: Int) async throws -> TaskOutput { TaskOutput() }
    func removeOutput(of run: RunID) async throws {}
    func runsWithOutput() async throws -> [RunID] { [] }
}
