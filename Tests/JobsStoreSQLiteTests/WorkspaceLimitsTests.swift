// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("B6: limits of the workspace")
struct WorkspaceLimitsTests {
    private let t0 = Timestamp(milliseconds: 1_700_000_000_000)

    private func at(_ seconds: Int) -> Timestamp { t0 + .seconds(seconds) }

    @Test("jobs and one-time runs count together in a rolling hour, and Retry-After is when the oldest leaves it")
    func creations() async throws {
        let temporary = try TemporaryStore(limits: WorkspaceLimits(jobCreationsPerHour: 3))
        let store = temporary.store
        _ = try await store.createJob(.fixture(), by: "a", at: at(0))
        let submission = NewSubmission(
            settings: .fixture(), idempotency: IdempotencyKey(token: "t", requestDigest: "d"), creatorUserName: "a",
            time: at(100))
        let run = try await store.submit(submission)
        let job = try await store.createJob(.fixture(), by: "a", at: at(200))
        // Deleting gives nothing back: creations are what is limited.
        _ = try await store.deleteJob(job, at: at(201))
        await #expect(throws: StoreError.jobCreationLimit(limit: 3, retryAfter: .seconds(3300))) {
            _ = try await store.createJob(.fixture(), by: "a", at: at(300))
        }
        await #expect(throws: StoreError.jobCreationLimit(limit: 3, retryAfter: .seconds(1))) {
            _ = try await store.submit(
                NewSubmission(settings: .fixture(), idempotency: nil, creatorUserName: "a", time: at(3599)))
        }
        #expect(try await store.submit(submission).runID == run.runID, "a repetition creates nothing")
        _ = try await store.createJob(.fixture(), by: "a", at: at(3600))
        await #expect(throws: StoreError.jobCreationLimit(limit: 3, retryAfter: .seconds(100))) {
            _ = try await store.createJob(.fixture(), by: "a", at: at(3600))
        }
    }

    @Test("no more runs are active at once; one that its job would skip is skipped, not refused")
    func slots() async throws {
        let temporary = try TemporaryStore(limits: WorkspaceLimits(concurrentRuns: 2))
        let store = temporary.store
        let job = try await store.createJob(.fixture(maxConcurrentRuns: 10), by: "a", at: t0)
        let none = try await store.createJob(.fixture(maxConcurrentRuns: 0), by: "a", at: t0)
        let first = try await store.admit(.fixture(of: job, token: "t", at: t0))
        _ = try await store.admit(.fixture(of: job, at: t0))
        let refusal = StoreError.concurrentRunLimit(active: 2, limit: 2, retryAfter: .seconds(60))
        await #expect(throws: refusal) { _ = try await store.admit(.fixture(of: job, at: at(1))) }
        await #expect(throws: refusal) {
            _ = try await store.submit(
                NewSubmission(settings: .fixture(), idempotency: nil, creatorUserName: "a", time: at(1)))
        }
        #expect(try await store.admit(.fixture(of: job, token: "t", at: at(1))).runID == first.runID)
        #expect(try await store.admit(.fixture(of: none, at: at(1))).lifeCycleState == .skipped)
        _ = try await store.cancelRun(first.runID, at: at(2))
        _ = try await store.record(.cleanedUp, of: first.runID, at: at(2), facts: RunFacts())
        #expect(try await store.admit(.fixture(of: job, at: at(3))).lifeCycleState == .pending)
    }

    @Test("a schedule that finds no slot records a SKIPPED run that says why")
    func scheduleWithoutSlot() async throws {
        let temporary = try TemporaryStore(limits: WorkspaceLimits(concurrentRuns: 1))
        let store = temporary.store
        let job = try await store.createJob(.fixture(), by: "a", at: t0)
        _ = try await store.admit(.fixture(of: job, at: t0))
        let scheduled = try await store.createJob(.scheduled("* * * * * ?"), by: "a", at: t0)
        let pass = try await store.fireDue(
            FireRequest(now: at(1), watchingSince: t0, policy: MisfirePolicy(), limit: 10))
        #expect(pass.firings.map(\.isActive) == [false])
        let runs = try await store.runs(RunQuery(jobID: scheduled, offset: 0, limit: 10)).runs
        #expect(runs.map(\.state.lifeCycleState) == [.skipped])
        #expect(runs.first?.state.stateMessage == "Skipped: the workspace has reached its limit of 1 concurrent runs.")
    }

    @Test(
        "a free slot is expected at the pace of the last ends",
        arguments: [
            ([], 60), ([0], 20), ([0, 10, 19], 6), ([19, 20], 1), ([-10_000], 60), ([30], 60),
        ] as [([Int], Int)])
    func estimate(ends: [Int], seconds: Int) {
        let wait = FreeSlotEstimate.wait(recentEnds: ends.map(at), now: at(20))
        #expect(Int(wait.components.seconds) == seconds)
    }
}
