// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Runs, as requests see them. Every method that changes something returns after its data is on disk.
public protocol RunStore: Sendable {
    /// Stores a run of a job, or finds the one that has the same idempotency token. Whether the run starts or is
    /// skipped is decided here, by `ConcurrencyPolicy`, in the same transaction.
    /// - Throws: `StoreError`, or what `newRun.precondition` throws; then nothing is changed.
    func admit(_ newRun: NewRun) async throws -> Admission

    /// Stores a one-time run with a job of its own that jobs/list does not show (contract D2).
    /// - Throws: `StoreError`, among them `.invalidReferences`; then nothing is changed.
    func submit(_ submission: NewSubmission) async throws -> Admission

    func run(_ run: RunID) async throws -> RunView?

    func runs(_ query: RunQuery) async throws -> RunPage

    /// A run's transitions, oldest first.
    func transitions(of run: RunID) async throws -> [RunTransition]

    /// The run that has started it, and those that it has started.
    func relatives(of run: RunID) async throws -> RunRelatives

    /// The warning that the run takes longer than expected; nil: none was due.
    func healthWarning(of run: RunID) async throws -> HealthWarning?

    /// Asks a run to stop, and with it the runs that it has started; one that has ended is left as it is.
    /// - Returns: the runs that now have to be ended: none when there was nothing to stop.
    /// - Throws: `StoreError.runDoesNotExist`.
    func cancelRun(_ run: RunID, at time: Timestamp) async throws -> [RunID]

    /// Asks all active runs of a job to stop and returns them, with those that they have started.
    /// - Throws: `StoreError.jobDoesNotExist`.
    func cancelRuns(of job: JobID, at time: Timestamp) async throws -> [RunID]

    /// Removes a run that has ended, with the runs that it has started; idempotency tokens stay taken.
    /// - Returns: the runs that were removed.
    /// - Throws: `StoreError.runDoesNotExist`, `.runIsActive`.
    @discardableResult
    func deleteRun(_ run: RunID, at time: Timestamp) async throws -> [RunID]
}

/// A request for a run.
public struct NewRun: Sendable {
    public let jobID: JobID
    public let parameters: RunParameters?
    public let idempotency: IdempotencyKey?
    public let trigger: TriggerType
    public let creatorUserName: String
    public let time: Timestamp
    /// Looks at the settings of the job and throws when the run does not fit them.
    public let precondition: @Sendable (JobSettings) throws -> Void

    public init(
        jobID: JobID, parameters: RunParameters?, idempotency: IdempotencyKey?, trigger: TriggerType,
        creatorUserName: String, time: Timestamp,
        precondition: @escaping @Sendable (JobSettings) throws -> Void = { _ in }
    ) {
        self.jobID = jobID
        self.parameters = parameters
        self.idempotency = idempotency
        self.trigger = trigger
        self.creatorUserName = creatorUserName
        self.time = time
        self.precondition = precondition
    }
}

/// A one-time run; the settings' name is the run's.
public struct NewSubmission: Sendable {
    public let settings: JobSettings
    public let idempotency: IdempotencyKey?
    public let creatorUserName: String
    public let time: Timestamp

    public init(
        settings: JobSettings, idempotency: IdempotencyKey?, creatorUserName: String, time: Timestamp
    ) {
        self.settings = settings
        self.idempotency = idempotency
        self.creatorUserName = creatorUserName
        self.time = time
    }
}

/// A client's promise that requests with the same token mean the same run.
public struct IdempotencyKey: Equatable, Sendable {
    public let token: String
    /// The request without the token, to tell a repetition from another request with the same token.
    public let requestDigest: String

    public init(token: String, requestDigest: String) {
        self.token = token
        self.requestDigest = requestDigest
    }
}

/// The answer to a request for a run.
public struct Admission: Equatable, Sendable {
    public let runID: RunID
    /// Of a submitted run, the job that was made for it.
    public let jobID: JobID
    public let numberInJob: Int64
    public let lifeCycleState: RunLifeCycleState
    public let origin: Origin

    public enum Origin: Equatable, Sendable {
        case created
        case repeated
        /// The token was used by a request with another body.
        case repeatedWithOtherRequest
    }

    public init(
        runID: RunID, jobID: JobID, numberInJob: Int64, lifeCycleState: RunLifeCycleState, origin: Origin
    ) {
        self.runID = runID
        self.jobID = jobID
        self.numberInJob = numberInJob
        self.lifeCycleState = lifeCycleState
        self.origin = origin
    }
}

/// Which runs to list: newest start first.
public struct RunQuery: Equatable, Sendable {
    public enum Activity: Equatable, Sendable {
        case any
        case activeOnly
        case completedOnly
    }

    public var jobID: JobID?
    public var activity: Activity
    public var runType: RunType?
    /// Only runs that were there when this one was the newest, so that runs which are created between two pages shift
    /// nothing: whatever their start times, their ids are greater. The run itself may be gone. nil: all runs.
    public var newestRunID: RunID?
    public var offset: Int
    public var limit: Int

    public init(
        jobID: JobID? = nil, activity: Activity = .any, runType: RunType? = nil, newestRunID: RunID? = nil, offset: Int,
        limit: Int
    ) {
        self.jobID = jobID
        self.activity = activity
        self.runType = runType
        self.newestRunID = newestRunID
        self.offset = offset
        self.limit = limit
    }
}

/// Runs of one state of the store, newest start first, of equal starts the greatest id.
public struct RunPage: Sendable {
    public let runs: [RunView]
    /// Exact: a run that matches lies beyond this page.
    public let hasMore: Bool
    /// For `RunQuery.newestRunID` of the pages that follow: the query's own, else the greatest id of all runs there
    /// were, whatever the query asks for. nil when the page is empty.
    public let newestRunID: RunID?

    public init(runs: [RunView], hasMore: Bool, newestRunID: RunID? = nil) {
        self.runs = runs
        self.hasMore = hasMore
        self.newestRunID = newestRunID
    }
}
