// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension SecretService {
    /// `POST secrets/scopes/create`: the creator may manage it.
    public func createScope(_ decoded: DecodedRequest<CreateScopeRequest>, by principal: Principal) async throws {
        Self.validate(decoded.request.scope, "scope", decoded.report)
        if let manager = decoded.request.initialManagePrincipal, manager != SecretScope.everybody {
            decoded.report.invalid(
                "Invalid value for initial_manage_principal: \(manager.prefix(200)). Allowed: \(SecretScope.everybody)."
            )
        }
        if let backend = decoded.request.backendType, backend != "DATABRICKS" {
            decoded.report.invalid(
                "Invalid value for scope_backend_type: \(backend.prefix(200)). Allowed: DATABRICKS.")
        }
        let request = try decoded.checked()
        let manager = request.initialManagePrincipal ?? principal.userName
        try await store.addScope(
            SecretScope(name: request.scope, permissions: [manager: .manage]), limit: Self.maxScopes,
            at: clock.now)
    }

    /// `POST secrets/scopes/delete`.
    public func deleteScope(_ decoded: DecodedRequest<ScopeRequest>, by principal: Principal) async throws {
        let request = try decoded.checked()
        try await store.removeScope(request.scope, if: Self.requires(.manage, of: principal))
    }

    /// `GET secrets/scopes/list`: those that the principal may read.
    public func scopes(for principal: Principal) async throws -> [SecretScope] {
        try await store.scopes().filter { $0.allows(principal, .read) }
    }

    /// `POST secrets/acls/put`.
    public func putPermission(_ decoded: DecodedRequest<PutSecretACLRequest>, by principal: Principal) async throws {
        let permission = SecretPermission(rawValue: decoded.request.permission)
        if permission == nil, !decoded.request.permission.isEmpty {
            decoded.report.invalid(
                "Invalid value for permission: \(decoded.request.permission.prefix(200)). "
                    + "Allowed: READ, WRITE or MANAGE.")
        }
        let request = try decoded.checked()
        guard let permission else { return }
        try await store.putPermission(
            permission, of: request.principal, scope: request.scope, if: Self.requires(.manage, of: principal))
    }

    /// `POST secrets/acls/delete`.
    public func deletePermission(_ decoded: DecodedRequest<SecretACLRequest>, by principal: Principal) async throws {
        let request = try decoded.checked()
        try await store.removePermission(
            of: request.principal, scope: request.scope, if: Self.requires(.manage, of: principal))
    }

    /// `GET secrets/acls/list`, by principal.
    public func permissions(
        _ decoded: DecodedRequest<ScopeRequest>, by principal: Principal
    ) async throws -> [(principal: String, permission: SecretPermission)] {
        let scope = try await managed(try decoded.checked().scope, by: principal)
        return scope.permissions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// `GET secrets/acls/get`.
    public func permission(
        _ decoded: DecodedRequest<SecretACLRequest>, by principal: Principal
    ) async throws -> (principal: String, permission: SecretPermission) {
        let request = try decoded.checked()
        let scope = try await managed(request.scope, by: principal)
        guard let permission = scope.permissions[request.principal] else {
            throw SecretError.permissionDoesNotExist(principal: request.principal, scope: request.scope)
        }
        return (request.principal, permission)
    }

    private func managed(_ name: String, by principal: Principal) async throws -> SecretScope {
        guard let scope = try await store.scope(name) else { throw SecretError.scopeDoesNotExist(name) }
        try Self.requires(.manage, of: principal)(scope)
        return scope
    }
}
