// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@testable import JobsService

/// The clock of these tests stands still unless they move it: whoever waited by looking at it would wait for ever.
@Suite("A notebook waits for one that it has started", .timeLimit(.minutes(5)))
struct WaitForNotebookTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock()
    private let parent: RunID
    private var store: SQLiteStore { temporary.store }

    init() async throws {
        temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.fixture(), by: "ann", at: clock.now)
        parent = try await temporary.store.admit(.fixture(of: job, at: clock.now)).runID
        _ = try await temporary.store.record(.taskStarted, of: parent, at: clock.now, facts: RunFacts())
    }

    private func service(untilStopping: (@Sendable () async -> Void)? = nil) -> NotebookRunService {
        NotebookRunService(
            store: store, library: NoNotebooks(), secrets: NoSecrets(), outputs: NoOutputs(),
            wakeUps: NoEngineWakeUps(), clock: clock, untilStopping: untilStopping)
    }

    private func child() async throws -> RunID {
        let child = NewChildRun(
            parent: parent, path: "/a/b", arguments: [:], timeoutSeconds: 0, idempotency: nil, time: clock.now)
        return try await store.startChild(child).runID
    }

    private func request(_ run: RunID, seconds: Int64) -> DecodedRequest<WaitForNotebookRequest> {
        DecodedRequest(["run_id": .integer(run.rawValue), "seconds": .integer(seconds)])
    }

    private func record(_ event: RunEvent, of run: RunID) async throws {
        _ = try await store.record(event, of: run, at: clock.now, facts: RunFacts())
    }

    /// As all do who wait: for the end of their time too.
    private func waitUntilAsleep() async throws { _ = try await eventually("a call waits") { clock.nextDeadline } }

    @Test("the end of the run wakes who waits, while the clock stands still; changes before it do not")
    func end() async throws {
        let run = try await child()
        async let answer = service().wait(request(run, seconds: 30), of: parent)
        try await waitUntilAsleep()
        try await record(.taskStarted, of: run)
        try await record(.taskEnded(.failed(message: "why")), of: run)
        try await record(.cleanedUp, of: run)
        #expect(try await answer.state.lifeCycleState == .terminated)
        #expect(try await answer.error == "why")
        #expect(clock.nextDeadline == nil)
    }

    @Test("five hundred that wait hear of it")
    func many() async throws {
        let run = try await child()
        let service = service()
        try await withThrowingTaskGroup(of: ChildRunState.self) { group in
            for _ in 0..<500 { group.addTask { try await service.wait(request(run, seconds: 30), of: parent) } }
            try await waitUntilAsleep()
            try await record(.failedInternally(message: "why"), of: run)
            for try await child in group { #expect(child.state.lifeCycleState == .internalError) }
        }
    }

    @Test("without an end, the answer comes when the time has passed, which is half a minute at most")
    func limit() async throws {
        let run = try await child()
        for (seconds, limit) in [(5, 5), (3600, 30)] {
            async let answer = service().wait(request(run, seconds: Int64(seconds)), of: parent)
            try await waitUntilAsleep()
            #expect(clock.nextDeadline == clock.now + .seconds(limit))
            clock.advance(by: .seconds(limit))
            #expect(try await answer.state.lifeCycleState == .pending)
        }
        #expect(try await service().wait(request(run, seconds: 0), of: parent).state.lifeCycleState == .pending)
    }

    @Test("when the server begins to stop, the answer comes at once")
    func stop() async throws {
        let run = try await child()
        let (stopping, stop) = AsyncStream.makeStream(of: Void.self)
        let service = service(untilStopping: { for await _ in stopping {} })
        async let answer = service.wait(request(run, seconds: 30), of: parent)
        try await waitUntilAsleep()
        stop.finish()
        #expect(try await answer.state.lifeCycleState == .pending)
        #expect(clock.nextDeadline == nil)
    }

    @Test("the run of another one is not waited for")
    func strangers() async throws {
        await #expect(throws: APIError.runDoesNotExist(parent)) {
            try await service().wait(request(parent, seconds: 30), of: parent)
        }
    }

    @Test("where changes come in thousands, who waits looks ten times and then once in ten milliseconds")
    func budget() {
        let start = Timestamp(milliseconds: 1000)
        var budget = LookBudget(at: start)
        /// Of 20 looks, how many are free.
        func free(at time: Timestamp) -> Int { (1...20).count { _ in budget.spend(at: time) } }
        #expect(free(at: start) == 10)
        #expect(free(at: start + .milliseconds(9)) == 0)
        #expect(free(at: start + .milliseconds(10)) == 1)
        // No more than at first are saved up, and a clock that is set back takes nothing away.
        #expect(free(at: start + .seconds(60)) == 10)
        #expect(free(at: start) == 0)
        #expect(free(at: start + .milliseconds(30)) == 3)
    }
}

private struct NoNotebooks: NotebookLibrary {
    func notebook(_ path: String, at time: Timestamp?) async throws -> StoredNotebook? { nil }
}

private struct NoOutputs: TaskOutputs {
    func runsWithOutput() async throws -> [RunID] { [] }
    func output(of run: RunID, limit: Int) async throws -> TaskOutput { TaskOutput() }
    func removeOutput(of run: RunID) async throws {}
}
