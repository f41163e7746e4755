// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The two kinds of lists that runs/list is composed of, in terms of SQL.
enum RunListKind: CaseIterable {
    /// All runs of a type.
    case ofType
    /// A job's runs of a type.
    case ofJob

    var name: String { self == .ofType ? "of_type" : "of_job" }

    /// Grows by one with each run of the list, or nearly so.
    var counter: String { self == .ofType ? "run_id" : "number_in_job" }

    /// The index with the list in its order; INDEXED BY, as the query plan must not depend on SQLite's estimates.
    var indexedBy: String { "INDEXED BY " + (self == .ofType ? "runs_by_type" : "runs_by_job_and_type") }

    /// `run_blocks.job_id` of a run's list.
    func jobID(_ run: String) -> String { self == .ofType ? "0" : "\(run).job_id" }

    /// Whether `NEW` of `run_blocks` belongs to such a list.
    var isBlockOfKind: String { self == .ofType ? "NEW.job_id = 0" : "NEW.job_id <> 0" }

    /// Whether a row of `runs` is in the list and can be seen.
    func isInList(jobID: String, runType: String) -> String {
        switch self {
        case .ofType: "run_type = \(runType) AND \(Self.isVisible(jobID: "runs.job_id"))"
        case .ofJob: "job_id = \(jobID) AND run_type = \(runType) AND \(Self.isVisible(jobID: jobID))"
        }
    }

    /// Runs of a deleted job stay in the table until they are removed, but are not visible.
    static func isVisible(jobID: String) -> String { "\(jobID) NOT IN (SELECT job_id FROM hidden_jobs)" }
}
