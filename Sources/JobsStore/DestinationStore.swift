// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Notification destinations, durable.
public protocol DestinationStore: Sendable {
    func addDestination(_ destination: NotificationDestination, at time: Timestamp) async throws

    /// nil when there is none.
    func destination(_ id: String) async throws -> NotificationDestination?

    /// All, in the order in which they were made.
    func destinations() async throws -> [NotificationDestination]

    /// - Throws: `StoreError.destinationDoesNotExist`.
    func replaceDestination(_ destination: NotificationDestination) async throws

    /// - Throws: `StoreError.destinationDoesNotExist`; `.destinationIsInUse` when a job refers to it.
    func removeDestination(_ id: String) async throws
}
