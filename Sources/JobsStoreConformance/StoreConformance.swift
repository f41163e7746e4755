// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

/// The behaviour required of every store. A check throws when the store violates it.
public struct StoreCheck: Sendable, CustomStringConvertible {
    public typealias Store = any JobStore & RunStore & RunLifecycleStore & TriggerStore & RetentionStore
        & NotebookRunStore & ReferenceStore & DestinationStore & TokenStore & WorkspaceStore & SecretStore
        & ChangeCounter

    /// A sentence that states the required behaviour.
    public let description: String
    /// The limits that the check's store is to be created with.
    public let limits: WorkspaceLimits
    /// Takes an empty store.
    public let run: @Sendable (Store) async throws -> Void

    init(
        _ description: String, limits: WorkspaceLimits = WorkspaceLimits(),
        _ run: @escaping @Sendable (Store) async throws -> Void
    ) {
        self.description = description
        self.limits = limits
        self.run = run
    }
}

public struct ConformanceViolation: Error, CustomStringConvertible {
    public let description: String
}

public enum StoreConformance {
    public static let checks: [StoreCheck] =
        jobChecks + admissionChecks + submissionChecks + limitChecks + lifeCycleChecks + raceChecks + retryChecks
        + engineViewChecks + timeoutChecks + healthChecks + queryChecks + triggerChecks + missedInstantChecks
        + retentionChecks + referenceChecks + childRunChecks + childRunEndChecks + notebookChecks + destinationChecks
        + tokenChecks
        + workspaceChecks + secretChecks + changeCounterChecks

    static let t0 = Timestamp(milliseconds: 1_700_000_000_000)

    static func at(_ milliseconds: Int64) -> Timestamp { t0 + .milliseconds(milliseconds) }

    static func at(seconds: Int64) -> Timestamp { t0 + .seconds(seconds) }
}
