// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// The rules as they hold for one who asks now.
struct Rules: Sendable {
    let clock: any WallClock
    /// Whether administrators may name files of the server's machine.
    let allowsLocalFiles: Bool

    func context(_ report: ReadingReport, prefix: String = "", for principal: Principal) -> RuleContext {
        RuleContext(
            report: report, prefix: prefix, allowsLocalFiles: allowsLocalFiles && principal.isAdmin, now: clock.now)
    }
}

extension ReferenceStore {
    /// Throws when there are faults: these, and what is wrong with the references as well, so that one answer
    /// names everything. Without a fault it does nothing: the references are checked when the settings are stored.
    /// - Parameters:
    ///   - job: the job that gets the settings; nil for a job that does not exist yet.
    ///   - prefix: where the settings stand in the request.
    func rejectInvalid(
        _ faults: [ReadingReport.Fault], and settings: JobSettings?, of job: JobID? = nil, prefix: String = ""
    ) async throws {
        if faults.isEmpty { return }
        let references = try await self.faults(of: settings?.references ?? [], ofJob: job)
        if let error = APIError(faults + references.compactMap { $0.fault(prefix: prefix) }) { throw error }
    }
}

/// Runs `body`; faults of references are named with their place in the request.
/// - Parameter prefix: where the settings stand in the request.
func namingReferences<T>(below prefix: String, _ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch StoreError.invalidReferences(let faults) {
        throw APIError.invalidReferences(faults, prefix: prefix)
    }
}
