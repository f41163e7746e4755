// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Asks the store about what settings refer to.
struct References: Sendable {
    let store: any ReferenceStore

    /// Throws when the report has a fault: that, and what is wrong with the references as well, so that one answer
    /// names everything. Without a fault it does nothing: the references are checked when the settings are stored.
    func rejectInvalid(
        _ report: ReadingReport, and settings: JobSettings?, of job: JobID? = nil, prefix: String = ""
    ) async throws {
        if report.faults.isEmpty { return }
        let faults = report.faults
        let more = try await store.inspect { lookup in
            try settings?.referenceFaults(of: job, prefix: prefix, lookup) ?? []
        }
        if let error = APIError(faults + more) { throw error }
    }

    /// What the store is to check in the transaction that stores the settings.
    static func check(_ settings: JobSettings, of job: JobID? = nil, prefix: String = "") -> ReferenceCheck {
        { lookup in
            if let error = APIError(try settings.referenceFaults(of: job, prefix: prefix, lookup)) { throw error }
        }
    }
}

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
