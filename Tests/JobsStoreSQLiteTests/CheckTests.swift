// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Testing

@Suite("lamplighter check: what it finds")
struct CheckTests {
    private let temporary: TemporaryStore
    private var store: SQLiteStore { temporary.store }

    init() throws { temporary = try TemporaryStore() }

    /// A run that has failed and its retry, which has run and succeeded.
    private func retriedRun() async throws -> (RunID, RunID) {
        let at = Timestamp(milliseconds: 1000)
        let job = try await store.createJob(.fixture(maxRetries: 1), by: "a", at: at)
        let first = try await store.admit(.fixture(of: job, at: at)).runID
        var retry: RunID?
        for event in [RunEvent.taskStarted, .taskEnded(.failed(message: "x")), .cleanedUp] {
            retry = try await store.record(event, of: first, at: at, facts: RunFacts()).retry
        }
        let second = try #require(retry)
        for event in [RunEvent.taskStarted, .taskEnded(.succeeded), .cleanedUp] {
            _ = try await store.record(event, of: second, at: at, facts: RunFacts())
        }
        return (first, second)
    }

    private func damage(_ sql: String) throws {
        try DatabaseQueue(path: temporary.directory.path + "/test.sqlite").write { try $0.execute(sql: sql) }
    }

    @Test("nothing in what the server has written")
    func sound() async throws {
        _ = try await retriedRun()
        #expect(try await store.faults() == [])
    }

    @Test("a retry of a run that has succeeded, and success without a start")
    func runs() async throws {
        let (first, second) = try await retriedRun()
        try damage("DROP TRIGGER runs_result_is_final")
        try damage(
            """
            UPDATE runs SET result_state = 'SUCCESS' WHERE run_id = \(first);
            DELETE FROM run_transitions WHERE run_id = \(second) AND to_state = 'RUNNING'
            """)
        let faults = try await store.faults()
        #expect(faults.contains("retries of a run that has succeeded, or not ended: \(second)"))
        #expect(faults.contains("runs that have succeeded without having run: \(second)"))
        #expect(faults.contains("the trigger runs_result_is_final is gone"))
    }

    @Test("times that go back", arguments: ["execution_start = 999", "execution_end = 5", "end_time = 1"])
    func times(_ damage: String) async throws {
        let (first, _) = try await retriedRun()
        try self.damage("UPDATE runs SET \(damage) WHERE run_id = \(first)")
        #expect(try await store.faults() == ["runs whose times do not follow one another: \(first)"])
    }

    @Test("tables, indexes and triggers that are not as the program makes them")
    func schema() async throws {
        try damage(
            """
            DROP INDEX runs_by_end; CREATE INDEX runs_by_end ON runs (end_time);
            DROP INDEX runs_by_parent; CREATE TABLE mine (x)
            """)
        #expect(
            try await store.faults() == [
                "the index runs_by_end is not what the program has made", "the index runs_by_parent is gone",
                "the table mine is not of the program",
            ])
    }
}
