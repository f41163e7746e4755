// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("What runs ask of the store")
struct NotebookRunStoreTests {
    private let temporary: TemporaryStore
    private var store: SQLiteStore { temporary.store }

    init() throws { temporary = try TemporaryStore() }

    private func at(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    /// A run whose task runs.
    private func runningRun() async throws -> RunID {
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 100), by: "ann", at: at(0))
        let run = try await store.admit(.fixture(of: job, at: at(1))).runID
        _ = try await store.record(.taskStarted, of: run, at: at(2), facts: RunFacts())
        return run
    }

    private func child(of parent: RunID, token: String? = nil, running: Bool = true) async throws -> RunID {
        let child = NewChildRun(
            parent: parent, path: "/a/b", arguments: ["x": "1"], timeoutSeconds: 0,
            idempotency: token.map { IdempotencyKey(token: $0, requestDigest: "d") }, time: at(3))
        let run = try await store.startChild(child).runID
        if running { _ = try await store.record(.taskStarted, of: run, at: at(4), facts: RunFacts()) }
        return run
    }

    private func state(_ run: RunID) async throws -> RunState? { try await store.run(run)?.state }

    @Test("a token stands for its run while that runs, and neither before nor after")
    func tokens() async throws {
        let hash = [UInt8](repeating: 7, count: 32)
        let run = try await runningRun()
        #expect(try await store.running(tokenHash: hash) == nil)
        try await store.addRunToken(hash: hash, of: run)
        #expect(try await store.running(tokenHash: hash) == run)
        _ = try await store.record(.taskEnded(.succeeded), of: run, at: at(5), facts: RunFacts())
        #expect(try await store.running(tokenHash: hash) == nil)
    }

    @Test("a run knows the one that started it, and those that it started, with their jobs")
    func relatives() async throws {
        let parent = try await runningRun()
        let first = try await child(of: parent)
        let second = try await child(of: parent)
        let grandchild = try await child(of: first)
        func relative(_ run: RunID) async throws -> RunRelatives.Relative {
            RunRelatives.Relative(jobID: try #require(try await store.run(run)).jobID, runID: run)
        }
        let children = [try await relative(first), try await relative(second)]
        #expect(try await store.relatives(of: parent) == RunRelatives(parent: nil, children: children))
        let below = RunRelatives(parent: try await relative(parent), children: [try await relative(grandchild)])
        #expect(try await store.relatives(of: first) == below)
        #expect(try await store.relatives(of: second).children == [])
    }

    @Test("a run that a notebook starts is a WORKFLOW_RUN of its user, with its cluster, and no job of the list")
    func child() async throws {
        let parent = try await runningRun()
        let run = try await child(of: parent)
        let view = try #require(try await store.run(run))
        #expect(view.runType == .workflowRun)
        #expect(view.creatorUserName == "tester")
        let task = try #require(view.definition.settings.firstTask)
        #expect(task.task == .notebook(NotebookTask(notebookPath: "/a/b", baseParameters: ["x": "1"])))
        #expect(task.cluster == .existing(.default))
        #expect(view.taskKind == .notebook)
        #expect(try await store.jobs(after: nil, limit: 10).count == 1)
        #expect(
            try await store.runs(RunQuery(runType: .workflowRun, offset: 0, limit: 5)).runs.map(\.id) == [run])
        #expect(try await store.state(ofChild: run, of: parent)?.lifeCycleState == .running)
        #expect(try await store.state(ofChild: parent, of: run) == nil)
        #expect(try await store.run(forExecution: run)?.workflowDepth == 1)
    }

    @Test("the same request for a run makes one run")
    func repetition() async throws {
        let parent = try await runningRun()
        let first = try await child(of: parent, token: "t")
        #expect(try await child(of: parent, token: "t", running: false) == first)
    }

    @Test("a run that has ended or is to end starts no other")
    func lateChild() async throws {
        let parent = try await runningRun()
        _ = try await store.cancelRun(parent, at: at(5))
        await #expect(throws: StoreError.runIsNotRunning(parent)) { try await child(of: parent) }
    }

    @Test("runs wait for each other thirty levels deep, no deeper")
    func depth() async throws {
        var run = try await runningRun()
        for _ in 0..<NewChildRun.maxDepth { run = try await child(of: run) }
        await #expect(throws: StoreError.workflowTooDeep(limit: 30)) { try await child(of: run) }
    }

    @Test("cancelling a run cancels all below it, in the same transaction, and names them all")
    func cancel() async throws {
        let top = try await runningRun()
        let middle = try await child(of: top)
        let bottom = try await child(of: middle)
        let waiting = try await child(of: middle, running: false)
        let sibling = try await runningRun()
        let changes = store.changeCount
        #expect(Set(try await store.cancelRun(top, at: at(9))) == [top, middle, bottom, waiting])
        #expect(store.changeCount == changes + 1)
        for run in [top, middle, bottom, waiting] {
            #expect(try await state(run)?.lifeCycleState == .terminating)
            #expect(try await state(run)?.resultState == .canceled)
        }
        #expect(try await state(sibling)?.lifeCycleState == .running)
    }

    @Test("what a run has started ends with it, however it ends")
    func end() async throws {
        let parent = try await runningRun()
        let left = try await child(of: parent)
        let recorded = try await store.record(.taskEnded(.succeeded), of: parent, at: at(9), facts: RunFacts())
        #expect(recorded.stopped == [left])
        #expect(try await state(left)?.resultState == .canceled)
        #expect(try await state(left)?.stateMessage.contains("run \(parent), which started it") == true)
    }

    @Test("a run is deleted with what it has started, once that has ended too")
    func deletion() async throws {
        let parent = try await runningRun()
        let run = try await child(of: parent)
        _ = try await store.cancelRun(parent, at: at(9))
        _ = try await store.record(.cleanedUp, of: parent, at: at(10), facts: RunFacts())
        await #expect(throws: StoreError.runIsActive(run)) { try await store.deleteRun(parent, at: at(11)) }
        _ = try await store.record(.cleanedUp, of: run, at: at(12), facts: RunFacts())
        #expect(Set(try await store.deleteRun(parent, at: at(13))) == [parent, run])
        #expect(try await store.run(run) == nil)
    }

    @Test("retention takes a run with what it has started, and waits for the last of it")
    func retention() async throws {
        let parent = try await runningRun()
        let run = try await child(of: parent)
        _ = try await store.cancelRun(parent, at: at(9))
        _ = try await store.record(.cleanedUp, of: parent, at: at(10), facts: RunFacts())
        let request = RemovalRequest(now: at(100), cutoff: at(50), limit: 10)
        #expect(try await store.removeExpired(request).runs == [])
        _ = try await store.record(.cleanedUp, of: run, at: at(12), facts: RunFacts())
        #expect(Set(try await store.removeExpired(request).runs) == [parent, run])
    }

    @Test("task values are kept by run, task and key; the last one counts")
    func taskValues() async throws {
        let run = try await runningRun()
        #expect(try await store.taskValue(key: "k", taskKey: "main", for: run) == nil)
        try await store.setTaskValue("1", key: "k", by: run)
        try await store.setTaskValue(#"{"a":2}"#, key: "k", by: run)
        #expect(try await store.taskValue(key: "k", taskKey: "main", for: run) == #"{"a":2}"#)
        #expect(try await store.taskValue(key: "k", taskKey: "other", for: run) == nil)
        #expect(try await store.taskValue(key: "k", taskKey: "main", for: try await runningRun()) == nil)
    }
}
