// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import JobsDomain
import JobsJSON
import JobsService
import JobsStore

/// `/api/2.0/secrets/*` (contract G4).
struct SecretsRoutes: Sendable {
    let secrets: SecretService

    var endpoints: [Endpoint] {
        [
            .post("/api/2.0/secrets/scopes/create", createScope), .post("/api/2.0/secrets/scopes/delete", deleteScope),
            .get("/api/2.0/secrets/scopes/list", listScopes), .post("/api/2.0/secrets/put", put),
            .post("/api/2.0/secrets/delete", delete), .get("/api/2.0/secrets/list", list),
            .post("/api/2.0/secrets/acls/put", putACL), .get("/api/2.0/secrets/acls/get", getACL),
            .get("/api/2.0/secrets/acls/list", listACLs), .post("/api/2.0/secrets/acls/delete", deleteACL),
        ]
    }

    @Sendable func createScope(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.createScope(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func deleteScope(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.deleteScope(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func listScopes(_ call: AuthenticatedRequest) async throws -> APIResponse {
        _ = try call.decoded(as: EmptyRequest.self).checked()
        let scopes = try await secrets.scopes(for: call.principal)
        return APIResponse { writer in
            writer.key("scopes")
            writer.array { writer in
                for scope in scopes {
                    writer.object { writer in
                        writer.member("name", scope.name)
                        writer.member("backend_type", "DATABRICKS")
                    }
                }
            }
        }
    }

    @Sendable func put(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.put(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.delete(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let list = try await secrets.list(call.decoded(), by: call.principal)
        return APIResponse { writer in
            writer.key("secrets")
            writer.array { writer in
                for secret in list {
                    writer.object { writer in
                        writer.member("key", secret.key)
                        writer.member("last_updated_timestamp", secret.updatedTime.milliseconds)
                    }
                }
            }
        }
    }

    // MARK: Access control lists

    @Sendable func putACL(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.putPermission(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func deleteACL(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await secrets.deletePermission(call.decoded(), by: call.principal)
        return APIResponse()
    }

    @Sendable func getACL(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let item = try await secrets.permission(call.decoded(), by: call.principal)
        return APIResponse { Self.write(item, to: &$0) }
    }

    @Sendable func listACLs(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let items = try await secrets.permissions(call.decoded(), by: call.principal)
        return APIResponse { writer in
            writer.key("items")
            writer.array { writer in for item in items { writer.object { Self.write(item, to: &$0) } } }
        }
    }

    private static func write(
        _ item: (principal: String, permission: SecretPermission), to writer: inout JSONWriter
    ) {
        writer.member("principal", item.principal)
        writer.member("permission", item.permission.rawValue)
    }
}
