// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Finds out whether what a job's settings refer to exists, in the transaction in which the settings are stored.
public protocol ReferenceLookup {
    /// The settings of a job that can be seen; nil when there is none.
    func settings(of job: JobID) throws -> JobSettings?
    /// Whether a notification destination has this id.
    func destinationExists(_ id: String) throws -> Bool
    /// Whether a pipeline has this id.
    func pipelineExists(_ id: String) throws -> Bool
    /// Whether the workspace has a notebook at the path, with a revision as old as `time` where one is given.
    func notebookExists(_ path: WorkspacePath, at time: Timestamp?) throws -> Bool
}

/// Looks at settings and at what exists, and throws when they must not be stored.
public typealias ReferenceCheck = @Sendable (any ReferenceLookup) throws -> Void

/// Lets others look at what exists.
public protocol ReferenceStore: Sendable {
    /// Calls `body` with a lookup on one state of the store.
    func inspect<T: Sendable>(
        _ body: @escaping @Sendable (any ReferenceLookup) throws -> T
    ) async throws -> T
}
