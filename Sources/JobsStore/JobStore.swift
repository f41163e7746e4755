// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Jobs, durable. Every method that changes something returns after its data is on disk.
public protocol JobStore: Sendable {
    /// - Throws: `StoreError`, among them `.invalidReferences`; then nothing is changed.
    func createJob(_ settings: JobSettings, by userName: String, at time: Timestamp) async throws -> JobID

    /// Replaces the settings by what `change` makes of them, in one transaction; a new timeout applies to the job's
    /// active runs as well (specification, "Reset").
    /// - Throws: `StoreError.jobDoesNotExist`, `.invalidReferences`, or what `change` throws; then nothing is changed.
    func changeSettings(
        of job: JobID, at time: Timestamp, _ change: @escaping @Sendable (JobSettings) throws -> JobSettings
    ) async throws

    /// Hides the job and its run history and asks its active runs to stop. A job that was deleted before
    /// is left as it is.
    /// - Returns: the runs to stop.
    /// - Throws: `StoreError.jobDoesNotExist` for an id that never was a job.
    func deleteJob(_ job: JobID, at time: Timestamp) async throws -> [RunID]

    /// nil when there is no such job, or no more.
    func job(_ job: JobID) async throws -> JobView?

    /// All jobs with ids above `after`, in the order of their ids, at most `limit`.
    func jobs(after: JobID?, limit: Int) async throws -> [JobView]
}

/// A job as requests see it.
public struct JobView: Sendable {
    public let id: JobID
    public let creatorUserName: String
    public let createdTime: Timestamp
    public let definition: JobDefinition

    public init(id: JobID, creatorUserName: String, createdTime: Timestamp, definition: JobDefinition) {
        self.id = id
        self.creatorUserName = creatorUserName
        self.createdTime = createdTime
        self.definition = definition
    }
}
