// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import JobsDomain
import JobsJSON
import JobsService
import JobsStore

/// `/api/2.0/notification-destinations` (contract F2).
struct DestinationsRoutes: Sendable {
    let destinations: DestinationService

    private static let path = "/api/2.0/notification-destinations"

    var endpoints: [Endpoint] {
        [
            .post(Self.path, create), .get(Self.path, list), .get(Self.path + "/{id}", get),
            .json(.patch, Self.path + "/{id}", update), .json(.delete, Self.path + "/{id}", delete),
        ]
    }

    @Sendable func create(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let destination = try await destinations.create(call.decoded(), by: call.principal)
        return APIResponse { destination.write(to: &$0, isFull: true) }
    }

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        _ = try call.decoded(as: EmptyRequest.self).checked()
        let all = try await destinations.list()
        return APIResponse { writer in
            writer.key("results")
            writer.array { writer in
                for destination in all { writer.object { destination.write(to: &$0, isFull: false) } }
            }
        }
    }

    @Sendable func get(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let destination = try await destinations.get(call.decoded())
        return APIResponse { destination.write(to: &$0, isFull: call.principal.isAdmin) }
    }

    @Sendable func update(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let destination = try await destinations.update(call.decoded(), by: call.principal)
        return APIResponse { destination.write(to: &$0, isFull: true) }
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await destinations.delete(call.decoded(), by: call.principal)
        return APIResponse()
    }
}
