// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Secret scopes, their access control lists, and secrets as they were sealed: the store never sees a value. Names of
/// scopes and keys are the same in upper and lower case. Every operation is one transaction; one that throws changes
/// nothing.
public protocol SecretStore: Sendable {
    /// - Parameter limit: how many scopes there may be.
    /// - Throws: `SecretError.scopeExists`, `.tooManyScopes`.
    func addScope(_ scope: SecretScope, limit: Int, at time: Timestamp) async throws

    func scope(_ name: String) async throws -> SecretScope?

    /// All, by name.
    func scopes() async throws -> [SecretScope]

    /// Its secrets and lists go with it.
    func removeScope(_ name: String, if check: @escaping ScopeCheck) async throws

    /// Replaces the secret of this key, if there is one.
    /// - Parameter limit: how many secrets a scope may have.
    /// - Throws: `SecretError.tooManySecrets`.
    func putSecret(
        _ name: SecretName, _ sealed: SealedSecret, limit: Int, at time: Timestamp, if check: @escaping ScopeCheck
    ) async throws

    /// - Throws: `SecretError.secretDoesNotExist`.
    func removeSecret(_ name: SecretName, if check: @escaping ScopeCheck) async throws

    /// By key.
    func secrets(of scope: String, if check: @escaping ScopeCheck) async throws -> [SecretInfo]

    /// - Throws: `SecretError.secretDoesNotExist`.
    func sealedSecret(_ name: SecretName, if check: @escaping ScopeCheck) async throws -> SealedSecret

    /// Replaces what the principal has.
    func putPermission(
        _ permission: SecretPermission, of principal: String, scope: String, if check: @escaping ScopeCheck
    ) async throws

    /// - Throws: `SecretError.permissionDoesNotExist`.
    func removePermission(of principal: String, scope: String, if check: @escaping ScopeCheck) async throws

    /// Ids of the keys by which the secrets are sealed.
    func sealingKeys() async throws -> Set<String>
}

/// Checks the scope of an operation, in its transaction, and throws when the operation is not allowed. Called only for
/// a scope that exists; otherwise the operation throws `SecretError.scopeDoesNotExist`.
public typealias ScopeCheck = @Sendable (SecretScope) throws -> Void

/// What may be done with a scope; each includes those before it.
public enum SecretPermission: String, Sendable, CaseIterable, Comparable {
    case read = "READ"
    case write = "WRITE"
    case manage = "MANAGE"

    public static func < (left: Self, right: Self) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }
}

public struct SecretScope: Equatable, Sendable {
    /// As it was made.
    public var name: String
    /// By user name; `users` stands for everybody.
    public var permissions: [String: SecretPermission]

    public init(name: String, permissions: [String: SecretPermission]) {
        self.name = name
        self.permissions = permissions
    }

    public static let everybody = "users"

    /// Administrators may do everything.
    public func allows(_ principal: Principal, _ permission: SecretPermission) -> Bool {
        if principal.isAdmin { return true }
        let granted = [permissions[principal.userName], permissions[Self.everybody]].compactMap(\.self)
        return granted.contains { $0 >= permission }
    }
}

/// Which secret.
public struct SecretName: Equatable, Sendable {
    public let scope: String
    public let key: String

    public init(scope: String, key: String) {
        self.scope = scope
        self.key = key
    }
}

/// What is listed of a secret.
public struct SecretInfo: Equatable, Sendable {
    public let key: String
    public let updatedTime: Timestamp

    public init(key: String, updatedTime: Timestamp) {
        self.key = key
        self.updatedTime = updatedTime
    }
}

/// A value that only the holder of a key can read.
public struct SealedSecret: Equatable, Sendable {
    public let bytes: [UInt8]
    /// Identifies the key, without revealing anything else about it.
    public let keyID: String

    public init(bytes: [UInt8], keyID: String) {
        self.bytes = bytes
        self.keyID = keyID
    }
}

public enum SecretError: Error, Equatable, Sendable {
    case scopeExists(String)
    case scopeDoesNotExist(String)
    case tooManyScopes(limit: Int)
    case tooManySecrets(limit: Int)
    case secretDoesNotExist(SecretName)
    case permissionDoesNotExist(principal: String, scope: String)
}
