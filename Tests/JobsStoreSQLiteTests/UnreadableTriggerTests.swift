// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("E7: a schedule that cannot be read")
struct UnreadableTriggerTests {
    private let t0 = Timestamp(milliseconds: 1_700_000_040_000)

    private func fire(_ temporary: TemporaryStore, after seconds: Int) async throws -> FirePass {
        try await temporary.store.fireDue(
            FireRequest(now: t0 + .seconds(seconds), watchingSince: t0, policy: MisfirePolicy(), limit: 10))
    }

    private func damage(_ temporary: TemporaryStore, _ sql: String, _ job: JobID) throws {
        try DatabaseQueue(path: temporary.directory.path + "/test.sqlite").write { db in
            try db.execute(sql: sql, arguments: [job.rawValue])
        }
    }

    @Test(
        "it, or settings that cannot be read, holds up no other, and is looked at again after a while",
        arguments: [
            "UPDATE triggers SET expression = 'never' WHERE job_id = ?",
            """
            UPDATE definitions SET settings = '{'
            WHERE definition_id = (SELECT definition_id FROM jobs WHERE job_id = ?)
            """,
        ])
    func holdsUpNobody(_ sql: String) async throws {
        let temporary = try TemporaryStore()
        let damaged = try await temporary.store.createJob(.scheduled("0 * * * * ?"), by: "a", at: t0)
        let other = try await temporary.store.createJob(.scheduled("0 * * * * ?"), by: "a", at: t0)
        try damage(temporary, sql, damaged)
        let first = try await fire(temporary, after: 60)
        #expect(first.firings.map(\.jobID) == [other])
        #expect(first.unreadable == [damaged])
        #expect(first.triggers == 2)
        let second = try await fire(temporary, after: 120)
        #expect(second.firings.map(\.jobID) == [other])
        #expect(second.unreadable.isEmpty)
        #expect(try await fire(temporary, after: 3660).unreadable == [damaged])
    }

    @Test("once it can be read it fires again, and what it missed is recorded")
    func mended() async throws {
        let temporary = try TemporaryStore()
        let job = try await temporary.store.createJob(.scheduled("0 * * * * ?"), by: "a", at: t0)
        try damage(temporary, "UPDATE triggers SET expression = 'never' WHERE job_id = ?", job)
        #expect(try await fire(temporary, after: 60).unreadable == [job])
        try damage(temporary, "UPDATE triggers SET expression = '0 * * * * ?' WHERE job_id = ?", job)
        let pass = try await fire(temporary, after: 3660)
        #expect(pass.firings.map(\.fireTime) == [t0 + .seconds(3660)])
        #expect(pass.misfires.map(\.jobID) == [job])
        #expect(
            try await temporary.store.trigger(of: job)?.missed == [
                MissedInstants(
                    first: t0 + .seconds(60),
                    through: Timestamp(milliseconds: (t0 + .seconds(3660)).milliseconds - 1))
            ])
    }
}
