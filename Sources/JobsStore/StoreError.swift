// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Why a store refused an operation; nothing was changed.
public enum StoreError: Error, Equatable, Sendable {
    case jobDoesNotExist(JobID)
    case runDoesNotExist(RunID)
    /// Only runs that have ended can be deleted.
    case runIsActive(RunID)
    /// Its task has ended, or is to end.
    case runIsNotRunning(RunID)
    /// The limit of nested notebook runs, each waiting for the next, is reached.
    case workflowTooDeep(limit: Int)
    /// The idempotency token belongs to a run that was deleted.
    case idempotencyTokenOfDeletedRun(token: String, run: RunID)
    /// The disk is full, or the store cannot reach its data for another reason; possibly transient.
    case unavailable(reason: String)
    case destinationDoesNotExist(String)
    /// The limit of jobs created in the last hour is reached (contract B6).
    case jobCreationLimit(limit: Int, retryAfter: Duration)
    /// The limit of active runs is reached (contract B6); the time is an estimate.
    case concurrentRunLimit(active: Int, limit: Int, retryAfter: Duration)
    /// What settings refer to does not exist, or jobs would run each other in a cycle.
    case invalidReferences([ReferenceFault])
    /// A job refers to the notification destination.
    case destinationIsInUse(String, by: JobID)
}
