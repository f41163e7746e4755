// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Removes expired and deleted data from the store.
public protocol RetentionStore: Sendable {
    /// Removes runs that ended before the request's cutoff, runs of deleted jobs, and what both leave once it has
    /// expired: definitions, tombstones of idempotency tokens, recorded misfires. One transaction.
    func removeExpired(_ request: RemovalRequest) async throws -> Removal

    /// Those of these runs that the store has.
    func existing(_ runs: [RunID]) async throws -> Set<RunID>
}

public struct RemovalRequest: Sendable {
    public let now: Timestamp
    /// What ended, or was removed, before this instant; nil: only what belongs to deleted jobs.
    public let cutoff: Timestamp?
    /// How many runs at most: one transaction must not hold up the others.
    public let limit: Int

    public init(now: Timestamp, cutoff: Timestamp?, limit: Int) {
        self.now = now
        self.cutoff = cutoff
        self.limit = limit
    }
}

public struct Removal: Equatable, Sendable {
    /// Their output is still to be removed.
    public let runs: [RunID]
    /// There may be more to remove.
    public let isPartial: Bool

    public init(runs: [RunID], isPartial: Bool) {
        self.runs = runs
        self.isPartial = isPartial
    }
}
