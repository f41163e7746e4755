// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about notification destinations (contract F2).
public struct DestinationService: Sendable {
    let store: any DestinationStore
    let clock: any WallClock

    public init(store: any DestinationStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// `POST notification-destinations`.
    public func create(
        _ decoded: DecodedRequest<CreateDestinationRequest>, by principal: Principal
    ) async throws -> NotificationDestination {
        try Self.requireAdmin(principal)
        decoded.request.config?.validate(decoded.report)
        let request = try decoded.checked()
        guard let config = request.config else { throw APIError.invalid("Missing required field: config") }
        let destination = NotificationDestination(
            id: UUID().uuidString.lowercased(), displayName: request.displayName, config: config)
        try await store.addDestination(destination, at: clock.now)
        return destination
    }

    /// `GET notification-destinations/{id}`.
    public func get(_ decoded: DecodedRequest<DestinationIDRequest>) async throws -> NotificationDestination {
        let id = try decoded.checked().id
        guard let destination = try await store.destination(id) else { throw APIError.destinationDoesNotExist(id) }
        return destination
    }

    /// `GET notification-destinations`.
    public func list() async throws -> [NotificationDestination] { try await store.destinations() }

    /// `PATCH notification-destinations/{id}`.
    public func update(
        _ decoded: DecodedRequest<UpdateDestinationRequest>, by principal: Principal
    ) async throws -> NotificationDestination {
        try Self.requireAdmin(principal)
        decoded.request.config?.validate(decoded.report)
        if decoded.request.displayName?.isEmpty == true {
            decoded.report.invalid("Invalid value for display_name: \"\". Allowed: a name.")
        }
        let request = try decoded.checked()
        guard var destination = try await store.destination(request.id) else {
            throw APIError.destinationDoesNotExist(request.id)
        }
        destination.displayName = request.displayName ?? destination.displayName
        destination.config = request.config ?? destination.config
        try await store.replaceDestination(destination)
        return destination
    }

    /// `DELETE notification-destinations/{id}`; refused as long as a job refers to it.
    public func delete(_ decoded: DecodedRequest<DestinationIDRequest>, by principal: Principal) async throws {
        try Self.requireAdmin(principal)
        let id = try decoded.checked().id
        try await store.removeDestination(id)
    }

    private static func requireAdmin(_ principal: Principal) throws {
        guard principal.isAdmin else { throw APIError.onlyForAdministrators("change notification destinations") }
    }
}

extension NotificationDestination {
    /// - Parameter isFull: whether the configuration is shown too, without its secrets; for administrators.
    public func write(to writer: inout JSONWriter, isFull: Bool) {
        writer.member("id", id)
        writer.member("display_name", displayName)
        writer.member("destination_type", kind.rawValue)
        if isFull {
            writer.key("config")
            writer.object(config.writeWithoutSecrets)
        }
    }
}
