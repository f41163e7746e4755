// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: SecretStore {
    public func addScope(_ scope: SecretScope, limit: Int, at time: Timestamp) async throws {
        try await writer.write { db in
            if try SecretRows(db: db).find(scope.name) != nil { throw SecretError.scopeExists(scope.name) }
            let count = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM secret_scopes") ?? 0
            guard count < limit else { throw SecretError.tooManyScopes(limit: limit) }
            try db.execute(
                sql: "INSERT INTO secret_scopes (name, created_time) VALUES (?, ?)",
                arguments: [scope.name, time.milliseconds])
            let id = db.lastInsertedRowID
            for (principal, permission) in scope.permissions {
                try SecretRows(db: db).put(permission, of: principal, scope: id)
            }
        }
    }

    public func scope(_ name: String) async throws -> SecretScope? {
        try await read { db in try SecretRows(db: db).find(name)?.scope }
    }

    public func scopes() async throws -> [SecretScope] {
        try await read { db in
            let names = try String.fetchAll(db, sql: "SELECT name FROM secret_scopes ORDER BY name")
            return try names.compactMap { try SecretRows(db: db).find($0)?.scope }
        }
    }

    public func removeScope(_ name: String, if check: @escaping ScopeCheck) async throws {
        try await writer.write { db in
            let id = try SecretRows(db: db).checked(name, check)
            try db.execute(sql: "DELETE FROM secret_scopes WHERE scope_id = ?", arguments: [id])
        }
    }

    public func putSecret(
        _ name: SecretName, _ sealed: SealedSecret, limit: Int, at time: Timestamp, if check: @escaping ScopeCheck
    ) async throws {
        try await writer.write { db in
            let id = try SecretRows(db: db).checked(name.scope, check)
            let others = try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM secrets WHERE scope_id = ? AND key <> ?", arguments: [id, name.key])
            guard others ?? 0 < limit else { throw SecretError.tooManySecrets(limit: limit) }
            try db.execute(
                sql: """
                    INSERT INTO secrets (scope_id, key, sealed, key_id, updated_time) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT DO UPDATE SET sealed = excluded.sealed, key_id = excluded.key_id,
                        updated_time = excluded.updated_time
                    """,
                arguments: [id, name.key, Data(sealed.bytes), sealed.keyID, time.milliseconds])
        }
    }

    public func removeSecret(_ name: SecretName, if check: @escaping ScopeCheck) async throws {
        try await writer.write { db in
            let id = try SecretRows(db: db).checked(name.scope, check)
            try db.execute(sql: "DELETE FROM secrets WHERE scope_id = ? AND key = ?", arguments: [id, name.key])
            if db.changesCount == 0 { throw SecretError.secretDoesNotExist(name) }
        }
    }

    public func secrets(of scope: String, if check: @escaping ScopeCheck) async throws -> [SecretInfo] {
        try await read { db in
            let id = try SecretRows(db: db).checked(scope, check)
            return try Row.fetchAll(
                db, sql: "SELECT key, updated_time FROM secrets WHERE scope_id = ? ORDER BY key", arguments: [id]
            ).map { SecretInfo(key: $0["key"], updatedTime: $0.timestamp("updated_time")) }
        }
    }

    public func sealedSecret(_ name: SecretName, if check: @escaping ScopeCheck) async throws -> SealedSecret {
        try await read { db in
            let id = try SecretRows(db: db).checked(name.scope, check)
            let row = try Row.fetchOne(
                db, sql: "SELECT sealed, key_id FROM secrets WHERE scope_id = ? AND key = ?",
                arguments: [id, name.key])
            guard let row else { throw SecretError.secretDoesNotExist(name) }
            return SealedSecret(bytes: Array(row["sealed"] as Data), keyID: row["key_id"])
        }
    }

    public func putPermission(
        _ permission: SecretPermission, of principal: String, scope: String, if check: @escaping ScopeCheck
    ) async throws {
        try await writer.write { db in
            let rows = SecretRows(db: db)
            try rows.put(permission, of: principal, scope: try rows.checked(scope, check))
        }
    }

    public func removePermission(of principal: String, scope: String, if check: @escaping ScopeCheck) async throws {
        try await writer.write { db in
            let id = try SecretRows(db: db).checked(scope, check)
            try db.execute(
                sql: "DELETE FROM secret_permissions WHERE scope_id = ? AND principal = ?", arguments: [id, principal])
            if db.changesCount == 0 { throw SecretError.permissionDoesNotExist(principal: principal, scope: scope) }
        }
    }

    public func sealingKeys() async throws -> Set<String> {
        try await read { db in try String.fetchSet(db, sql: "SELECT DISTINCT key_id FROM secrets") }
    }
}

/// The rows of scopes, as one transaction sees them.
private struct SecretRows {
    let db: Database

    func find(_ name: String) throws -> (id: Int64, scope: SecretScope)? {
        let row = try Row.fetchOne(
            db, sql: "SELECT scope_id, name FROM secret_scopes WHERE name = ?", arguments: [name])
        guard let row else { return nil }
        let id: Int64 = row["scope_id"]
        let permissions = try Row.fetchAll(
            db, sql: "SELECT principal, permission FROM secret_permissions WHERE scope_id = ?", arguments: [id])
        var scope = SecretScope(name: row["name"], permissions: [:])
        for row in permissions { scope.permissions[row["principal"]] = try row.enumeration("permission") }
        return (id, scope)
    }

    /// The id of the scope, when it is there and the check does not throw.
    func checked(_ name: String, _ check: ScopeCheck) throws -> Int64 {
        guard let found = try find(name) else { throw SecretError.scopeDoesNotExist(name) }
        try check(found.scope)
        return found.id
    }

    func put(_ permission: SecretPermission, of principal: String, scope: Int64) throws {
        try db.execute(
            sql: """
                INSERT INTO secret_permissions (scope_id, principal, permission) VALUES (?, ?, ?)
                ON CONFLICT DO UPDATE SET permission = excluded.permission
                """,
            arguments: [scope, principal, permission.rawValue])
    }
}
