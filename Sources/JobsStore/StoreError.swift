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
    /// So many runs wait for each other already.
    case workflowTooDeep(limit: Int)
    /// The idempotency token belongs to a run that was deleted.
    case idempotencyTokenOfDeletedRun(token: String, run: RunID)
    /// The disk is full, or something else keeps the store from its data; it may go away.
    case unavailable(reason: String)
    case destinationDoesNotExist(String)
    /// So many jobs were created in the last hour (contract B6).
    case jobCreationLimit(limit: Int, retryAfter: Duration)
    /// So many runs are active (contract B6); the time is an estimate.
    case concurrentRunLimit(active: Int, limit: Int, retryAfter: Duration)
    /// What settings refer to does not exist, or jobs would run each other in a circle.
    case invalidReferences([ReferenceFault])
    /// A job refers to the notification destination.
    case destinationIsInUse(String, by: JobID)
}
