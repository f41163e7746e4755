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

    @Sendable func create(_ call: APICall) async throws -> APIAnswer {
        let destination = try await destinations.create(call.decoded(), by: call.principal)
        return APIAnswer { destination.write(to: &$0, isFull: true) }
    }

    @Sendable func list(_ call: APICall) async throws -> APIAnswer {
        _ = try call.decoded(as: EmptyRequest.self).checked()
        let all = try await destinations.list()
        return APIAnswer { writer in
            writer.key("results")
            writer.array { writer in
                for destination in all { writer.object { destination.write(to: &$0, isFull: false) } }
            }
        }
    }

    @Sendable func get(_ call: APICall) async throws -> APIAnswer {
        let destination = try await destinations.get(call.decoded())
        return APIAnswer { destination.write(to: &$0, isFull: call.principal.isAdmin) }
    }

    @Sendable func update(_ call: APICall) async throws -> APIAnswer {
        let destination = try await destinations.update(call.decoded(), by: call.principal)
        return APIAnswer { destination.write(to: &$0, isFull: true) }
    }

    @Sendable func delete(_ call: APICall) async throws -> APIAnswer {
        try await destinations.delete(call.decoded(), by: call.principal)
        return APIAnswer()
    }
}
