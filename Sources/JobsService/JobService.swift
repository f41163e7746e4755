// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about jobs; one file each beside this one.
public struct JobService: Sendable {
    let store: any JobStore
    let hints: any EngineHints
    let clock: any WallClock
    /// Whether administrators may name files of the server's machine.
    let allowsLocalFiles: Bool

    public init(
        store: any JobStore, hints: any EngineHints, clock: any WallClock, allowsLocalFiles: Bool
    ) {
        self.store = store
        self.hints = hints
        self.clock = clock
        self.allowsLocalFiles = allowsLocalFiles
    }

    /// The rules as they hold for the one who asks.
    func rules(_ report: ReadingReport, prefix: String = "", for principal: Principal) -> RuleContext {
        RuleContext(report: report, prefix: prefix, allowsLocalFiles: allowsLocalFiles && principal.isAdmin)
    }
}

/// Runs `body` and puts a store's refusal into the words of the wire; other errors pass.
func translatingStoreErrors<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as StoreError {
        switch error {
        case .jobDoesNotExist(let job): throw APIError.jobDoesNotExist(job)
        case .runDoesNotExist(let run): throw APIError.runDoesNotExist(run)
        case .runIsActive(let run): throw APIError.runIsActive(run)
        case .idempotencyTokenOfDeletedRun(_, let run): throw APIError.idempotencyTokenOfDeletedRun(run)
        }
    }
}
