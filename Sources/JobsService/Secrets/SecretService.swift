// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about secrets (contract G4). No message says a value.
public struct SecretService: Sendable {
    let store: any SecretStore
    let vault: SecretVault
    let clock: any WallClock

    /// Limits of the real service.
    static let maxScopes = 100
    static let maxSecrets = 1000
    public static let maxValueLength = 128 * 1024

    public init(store: any SecretStore, vault: SecretVault, clock: any WallClock) {
        self.store = store
        self.vault = vault
        self.clock = clock
    }

    /// `POST secrets/put`.
    public func put(_ decoded: DecodedRequest<PutSecretRequest>, by principal: Principal) async throws {
        Self.validate(decoded.request.scope, "scope", decoded.report)
        Self.validate(decoded.request.key, "key", decoded.report)
        let request = try decoded.checked()
        let value = try Self.value(request)
        let name = SecretName(scope: request.scope, key: request.key)
        let sealed = try vault.seal(value, as: name)
        try await store.putSecret(
            name, sealed, limit: Self.maxSecrets, at: clock.now, if: Self.requires(.write, of: principal))
    }

    private static func value(_ request: PutSecretRequest) throws -> [UInt8] {
        let value: [UInt8]
        switch (request.stringValue, request.bytesValue) {
        case (let text?, nil): value = Array(text.utf8)
        case (nil, let base64?):
            guard let data = Data(base64Encoded: base64.filter { !$0.isWhitespace }) else {
                throw APIError.invalid("Invalid value for bytes_value: it is not base64.")
            }
            value = Array(data)
        default: throw APIError.invalid("Exactly one of string_value and bytes_value must be given.")
        }
        guard value.count <= maxValueLength else {
            throw APIError.invalid(
                "Invalid value for the secret: \(value.count) bytes. Allowed: at most \(maxValueLength) bytes.")
        }
        return value
    }

    /// `POST secrets/delete`.
    public func delete(_ decoded: DecodedRequest<SecretRequest>, by principal: Principal) async throws {
        let request = try decoded.checked()
        try await store.removeSecret(
            SecretName(scope: request.scope, key: request.key), if: Self.requires(.write, of: principal))
    }

    /// `GET secrets/list`.
    public func list(_ decoded: DecodedRequest<ScopeRequest>, by principal: Principal) async throws -> [SecretInfo] {
        let request = try decoded.checked()
        return try await store.secrets(of: request.scope, if: Self.requires(.read, of: principal))
    }

    // MARK: For runs

    /// The value of a secret, for the user that a run runs as.
    /// - Returns: nil when there is no such scope or secret, or it was sealed with another key.
    /// - Throws: `APIError` when the principal may not read it.
    public func value(_ name: SecretName, for principal: Principal) async throws -> [UInt8]? {
        do {
            let sealed = try await store.sealedSecret(name, if: Self.requires(.read, of: principal))
            guard sealed.keyID == vault.keyID else { throw Self.otherKey(name) }
            return try vault.open(sealed, as: name)
        } catch SecretError.scopeDoesNotExist, SecretError.secretDoesNotExist {
            return nil
        } catch is SecretVault.CannotOpen {
            throw Self.otherKey(name)
        }
    }

    private static func otherKey(_ name: SecretName) -> APIError {
        APIError(
            .invalidState,
            "The secret \(name.key) of scope \(name.scope) was encrypted with another key than the server has now. "
                + "Start the server with that key, or put the secret again.")
    }

    /// The IDs of other keys that stored secrets are sealed with: this server cannot decrypt them.
    public func unknownKeys() async throws -> Set<String> { try await store.sealingKeys().subtracting([vault.keyID]) }

    // MARK: Rules

    static func requires(_ permission: SecretPermission, of principal: Principal) -> ScopeCheck {
        { scope in
            guard scope.allows(principal, permission) else {
                throw APIError(
                    .permissionDenied,
                    "User \(principal.userName) does not have \(permission.rawValue) permission on scope \(scope.name)")
            }
        }
    }

    static func validate(_ name: String, _ member: String, _ report: ReadingReport) {
        if name.isEmpty { return }  // Missing, which is already reported.
        let isGood =
            name.utf8.count <= 128
            && name.utf8.allSatisfy { $0.isASCIILetterOrDigit || "-_.@".utf8.contains($0) }
        if !isGood {
            report.invalid(
                "Invalid value for \(member): \(name.prefix(200)). Allowed: 1 to 128 letters, digits, -, _, . and @.")
        }
    }
}
