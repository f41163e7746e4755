// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension WorkspaceLimits {
    /// - Throws: `StoreError.jobCreationLimit` with the time until the first of the last hour's jobs is an hour old.
    func checkCreation(at time: Timestamp, in db: Database) throws {
        guard let limit = jobCreationsPerHour else { return }
        // Ids are assigned without gaps and never reused, so they count jobs, removed ones too.
        let newest = try Int64.fetchOne(
            try db.cachedStatement(sql: "SELECT seq FROM sqlite_sequence WHERE name = 'jobs'"))
        let oldest = try Int64.fetchOne(
            try db.cachedStatement(
                sql: "SELECT job_id FROM jobs WHERE created_time > ? ORDER BY created_time, job_id LIMIT 1"),
            arguments: [time.milliseconds - Self.creationWindow.wholeMilliseconds])
        guard let newest, let oldest, newest - oldest + 1 >= limit else { return }
        // A slot is free when this one leaves the window.
        let blocking = try Int64.fetchOne(
            try db.cachedStatement(sql: "SELECT created_time FROM jobs WHERE job_id >= ? ORDER BY job_id LIMIT 1"),
            arguments: [newest - Int64(limit) + 1])
        let free = Timestamp(milliseconds: blocking ?? time.milliseconds) + Self.creationWindow
        throw StoreError.jobCreationLimit(limit: limit, retryAfter: free - time)
    }

    /// - Throws: `StoreError.concurrentRunLimit` when no further run may start.
    func checkSlot(at time: Timestamp, in db: Database) throws {
        guard let limit = concurrentRuns else { return }
        let active = try Self.activeRuns(in: db)
        if allowsRun(activeRuns: active) { return }
        let ends = try Int64.fetchAll(
            try db.cachedStatement(
                sql: "SELECT end_time FROM runs WHERE end_time IS NOT NULL ORDER BY end_time DESC LIMIT 20"))
        throw StoreError.concurrentRunLimit(
            active: active, limit: limit,
            retryAfter: FreeSlotEstimate.wait(recentEnds: ends.map(Timestamp.init(milliseconds:)), now: time))
    }

    /// The free slots as of this transaction, for the runs that it creates one after the other.
    func slots(in db: Database) throws -> WorkspaceSlots {
        WorkspaceSlots(limits: self, activeRuns: concurrentRuns == nil ? 0 : try Self.activeRuns(in: db))
    }

    private static func activeRuns(in db: Database) throws -> Int {
        try Int.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT COUNT(*) FROM runs WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING')
                    """)) ?? 0
    }
}

/// The workspace's slots within one transaction: counted from the rows once, then by what the transaction does. Counting
/// up to a thousand rows for each of ten thousand schedules of the same second would take longer than firing them.
struct WorkspaceSlots {
    let limits: WorkspaceLimits
    private(set) var activeRuns: Int

    init(limits: WorkspaceLimits, activeRuns: Int) { (self.limits, self.activeRuns) = (limits, activeRuns) }

    var hasSlot: Bool { limits.allowsRun(activeRuns: activeRuns) }

    /// The transaction has made a run that is active.
    mutating func take() { activeRuns += 1 }
}
