// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about jobs; one file each beside this one.
public struct JobService: Sendable {
    let store: any JobStore
    let references: References
    let rules: Rules
    let wakeUps: any EngineWakeUps
    let clock: any WallClock

    /// - Parameter allowsLocalFiles: whether administrators may name files of the server's machine.
    public init(
        store: any JobStore & ReferenceStore, wakeUps: any EngineWakeUps, clock: any WallClock, allowsLocalFiles: Bool
    ) {
        self.store = store
        self.wakeUps = wakeUps
        self.clock = clock
        references = References(store: store)
        rules = Rules(clock: clock, allowsLocalFiles: allowsLocalFiles)
    }
}

/// Runs `body` and puts a store's refusal into the words of the wire; other errors pass.
func translatingStoreErrors<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as StoreError {
        throw APIError(error)
    }
}

extension APIError {
    /// A store's refusal in the words of the wire.
    public init(_ error: StoreError) {
        self =
            switch error {
            case .jobDoesNotExist(let job): .jobDoesNotExist(job)
            case .runDoesNotExist(let run): .runDoesNotExist(run)
            case .runIsActive(let run): .runIsActive(run)
            case .runIsNotRunning(let run): .runIsNotRunning(run)
            case .workflowTooDeep(let limit): .workflowTooDeep(limit: limit)
            case .idempotencyTokenOfDeletedRun(_, let run): .idempotencyTokenOfDeletedRun(run)
            case .jobCreationLimit(let limit, let wait): .jobCreationLimit(limit, retryAfter: wait)
            case .concurrentRunLimit(let active, let limit, let wait):
                .concurrentRunLimit(active: active, limit: limit, retryAfter: wait)
            case .unavailable(let reason): .temporarilyUnavailable(reason)
            case .destinationDoesNotExist(let id): .destinationDoesNotExist(id)
            case .destinationIsInUse(let id, let job): .destinationIsInUse(id, by: job)
            }
    }
}
