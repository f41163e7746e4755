// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsServerTesting
import JobsTesting
import Testing

@testable import JobsStoreSQLite

@Suite("Waiting for a change of the store")
struct ChangeSignalTests {
    @Test("one commit wakes all who wait, five hundred at once, and they see it", .timeLimit(.minutes(5)))
    func commit() async throws {
        let temporary = try TemporaryStore()
        let store = temporary.store
        let seen = store.changeCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    await store.waitForChange(after: seen)
                    #expect(store.changeCount > seen)
                    let jobs = try await store.jobs(after: nil, limit: 10)
                    #expect(jobs.count == 1)
                }
            }
            _ = try await eventually("all wait") { store.writer.changes.waiting == 500 ? true : nil }
            _ = try await store.createJob(.fixture(), by: "ann", at: Timestamp(milliseconds: 0))
            try await group.waitForAll()
        }
        // What has changed already is not waited for.
        await store.waitForChange(after: seen)
        #expect(store.writer.changes.waiting == 0)
    }

    @Test("one who is cancelled returns, and is forgotten; others go on waiting", .timeLimit(.minutes(5)))
    func cancellation() async throws {
        let signal = ChangeSignal()
        let other = Task { await signal.wait(after: 0) }
        let canceled = Task { await signal.wait(after: 0) }
        _ = try await eventually("both wait") { signal.waiting == 2 ? true : nil }
        canceled.cancel()
        await canceled.value
        #expect(signal.waiting == 1)
        let late = Task {
            _ = try? await Task.sleep(for: .seconds(3600))
            await signal.wait(after: 0)
        }
        late.cancel()
        await late.value
        signal.advance()
        signal.wake()
        await other.value
        #expect(signal.waiting == 0)
    }

    @Test("no change is lost, however waiting and waking meet", .timeLimit(.minutes(5)))
    func races() async {
        let signal = ChangeSignal()
        for round in UInt64(0)..<30_000 {
            await withTaskGroup { group in
                for position in 0..<5 {
                    group.addTask {
                        if position == round % 5 {
                            signal.advance()
                            signal.wake()
                        } else {
                            await signal.wait(after: round)
                        }
                    }
                }
            }
        }
        #expect(signal.count == 30_000)
        #expect(signal.waiting == 0)
    }
}
