// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Limits of the whole workspace (contract B6; specification, "Jobs API 2.0"); nil: none.
public struct WorkspaceLimits: Equatable, Sendable {
    /// Jobs created in a rolling hour, one-time runs included.
    public let jobCreationsPerHour: Int?
    /// Runs that are active at the same time. Retries are exempt: they continue an admitted run.
    public let concurrentRuns: Int?

    public static let creationWindow = Duration.seconds(3600)

    public init(jobCreationsPerHour: Int? = 10_000, concurrentRuns: Int? = 1000) {
        self.jobCreationsPerHour = jobCreationsPerHour
        self.concurrentRuns = concurrentRuns
    }

    public func allowsRun(activeRuns: Int) -> Bool { concurrentRuns.map { activeRuns < $0 } ?? true }

    /// The initial state of a scheduled run when the workspace has no free slot: no client could be told to retry.
    public func skipped() -> RunState {
        RunState(
            .skipped,
            message: "Skipped: the workspace has reached its limit of \(concurrentRuns ?? 0) concurrent runs.")
    }
}

/// When a client should ask for a slot again (Retry-After).
public enum FreeSlotEstimate {
    /// Assumes that runs go on ending at the recent rate: the mean time between ends, from the oldest of these until
    /// now, clamped to between a second and a minute.
    public static func wait(recentEnds: [Timestamp], now: Timestamp) -> Duration {
        guard let oldest = recentEnds.min(), oldest < now else { return .seconds(60) }
        return min(max((now - oldest) / recentEnds.count, .seconds(1)), .seconds(60))
    }
}
