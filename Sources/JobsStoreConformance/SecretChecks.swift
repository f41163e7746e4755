// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

extension StoreConformance {
    private static let vault = SecretScope(name: "vault", permissions: ["ann": .manage])
    private static let name = SecretName(scope: "vault", key: "k")
    private static let everything: ScopeCheck = { _ in }

    private static func sealed(_ byte: UInt8) -> SealedSecret { SealedSecret(bytes: [byte], keyID: "key \(byte)") }

    private struct Refused: Error, Equatable {}

    static let secretChecks: [StoreCheck] = [
        StoreCheck("a scope is found in upper and lower case, and made once") { store in
            try await store.addScope(vault, limit: 2, at: t0)
            try checkEqual(try await store.scope("VAULT"), vault, "the scope")
            try await checkThrows(error: SecretError.scopeExists("Vault")) {
                try await store.addScope(SecretScope(name: "Vault", permissions: [:]), limit: 2, at: t0)
            }
            try await store.addScope(SecretScope(name: "a", permissions: [:]), limit: 2, at: t0)
            try await checkThrows(error: SecretError.tooManyScopes(limit: 2)) {
                try await store.addScope(SecretScope(name: "c", permissions: [:]), limit: 2, at: t0)
            }
            try checkEqual(try await store.scopes().map(\.name), ["a", "vault"], "scopes")
        },
        StoreCheck("a secret is found as it was sealed last, and goes with its scope") { store in
            try await store.addScope(vault, limit: 9, at: t0)
            try await store.putSecret(name, sealed(1), limit: 1, at: t0, if: everything)
            let upper = SecretName(scope: "VAULT", key: "K")
            try await store.putSecret(upper, sealed(2), limit: 1, at: at(1), if: everything)
            try checkEqual(try await store.sealedSecret(name, if: everything), sealed(2), "the secret")
            try checkEqual(
                try await store.secrets(of: "vault", if: everything), [SecretInfo(key: "k", updatedTime: at(1))], "list"
            )
            try checkEqual(try await store.sealingKeys(), ["key 2"], "keys")
            let other = SecretName(scope: "vault", key: "other")
            try await checkThrows(error: SecretError.tooManySecrets(limit: 1)) {
                try await store.putSecret(other, sealed(3), limit: 1, at: t0, if: everything)
            }
            try await checkThrows(error: SecretError.secretDoesNotExist(other)) {
                try await store.removeSecret(other, if: everything)
            }
            try await store.removeScope("Vault", if: everything)
            try await checkThrows(error: SecretError.scopeDoesNotExist("vault")) {
                _ = try await store.sealedSecret(name, if: everything)
            }
            try checkEqual(try await store.sealingKeys(), [], "keys")
            try await store.addScope(vault, limit: 9, at: t0)
            try checkEqual(try await store.secrets(of: "vault", if: everything), [], "of a new scope of that name")
        },
        StoreCheck("a removed secret is gone, in upper and lower case; the others are listed by key") { store in
            try await store.addScope(vault, limit: 9, at: t0)
            for key in ["c", "a", "b"] {
                try await store.putSecret(
                    SecretName(scope: "vault", key: key), sealed(1), limit: 9, at: t0, if: everything)
            }
            try await store.removeSecret(SecretName(scope: "VAULT", key: "B"), if: everything)
            let removed = SecretName(scope: "vault", key: "b")
            try await checkThrows(error: SecretError.secretDoesNotExist(removed)) {
                _ = try await store.sealedSecret(removed, if: everything)
            }
            try checkEqual(try await store.secrets(of: "vault", if: everything).map(\.key), ["a", "c"], "keys")
        },
        StoreCheck("of many that come at once no more scopes and secrets are made than the limits allow") { store in
            try await store.addScope(vault, limit: 9, at: t0)
            let scopes = await atOnce(50) { index in
                try await store.addScope(SecretScope(name: "s\(index)", permissions: [:]), limit: 5, at: t0)
            }
            let secrets = await atOnce(50) { index in
                let name = SecretName(scope: "vault", key: "k\(index)")
                try await store.putSecret(name, sealed(1), limit: 5, at: t0, if: everything)
            }
            for case .failure(let error) in scopes {
                try checkEqual(error as? SecretError, .tooManyScopes(limit: 5), "the refusal of a scope")
            }
            for case .failure(let error) in secrets {
                try checkEqual(error as? SecretError, .tooManySecrets(limit: 5), "the refusal of a secret")
            }
            try checkEqual(try await store.scopes().count, 5, "scopes")
            try checkEqual(try await store.secrets(of: "vault", if: everything).count, 5, "secrets")
        },
        StoreCheck("of many that make a scope of one name at once, one does") { store in
            let outcomes = await atOnce(20) { index in
                let name = index % 2 == 0 ? "vault" : "VAULT"
                try await store.addScope(SecretScope(name: name, permissions: ["ann": .read]), limit: 9, at: t0)
            }
            try checkEqual(outcomes.filter { (try? $0.get()) != nil }.count, 1, "made")
            try checkEqual(try await store.scopes().count, 1, "scopes")
        },
        StoreCheck("a scope that is not there is refused as such, before any check") { store in
            let refuse: ScopeCheck = { _ in throw Refused() }
            let operations: [() async throws -> Void] = [
                { try await store.removeScope("vault", if: refuse) },
                { try await store.putSecret(name, sealed(2), limit: 9, at: t0, if: refuse) },
                { try await store.removeSecret(name, if: refuse) },
                { _ = try await store.secrets(of: "vault", if: refuse) },
                { _ = try await store.sealedSecret(name, if: refuse) },
                { try await store.putPermission(.read, of: "bob", scope: "vault", if: refuse) },
                { try await store.removePermission(of: "ann", scope: "vault", if: refuse) },
            ]
            for operation in operations {
                try await checkThrows(error: SecretError.scopeDoesNotExist("vault"), operation)
            }
            try checkEqual(try await store.scope("vault"), nil, "the scope")
        },
        StoreCheck("permissions are replaced and removed") { store in
            try await store.addScope(vault, limit: 9, at: t0)
            try await store.putPermission(.read, of: "bob", scope: "vault", if: everything)
            try await store.putPermission(.write, of: "bob", scope: "vault", if: everything)
            try checkEqual(try await store.scope("vault")?.permissions, ["ann": .manage, "bob": .write], "permissions")
            try await store.removePermission(of: "bob", scope: "vault", if: everything)
            let absent = SecretError.permissionDoesNotExist(principal: "bob", scope: "vault")
            try await checkThrows(error: absent) {
                try await store.removePermission(of: "bob", scope: "vault", if: everything)
            }
            try checkEqual(try await store.scope("vault"), vault, "the scope")
        },
        StoreCheck("what a check refuses is not done") { store in
            try await store.addScope(vault, limit: 9, at: t0)
            try await store.putSecret(name, sealed(1), limit: 9, at: t0, if: everything)
            let refuse: ScopeCheck = { scope in
                try check(scope == vault, "the check was shown \(scope)")
                throw Refused()
            }
            let operations: [() async throws -> Void] = [
                { try await store.removeScope("vault", if: refuse) },
                { try await store.putSecret(name, sealed(2), limit: 9, at: t0, if: refuse) },
                { try await store.removeSecret(name, if: refuse) },
                { _ = try await store.secrets(of: "vault", if: refuse) },
                { _ = try await store.sealedSecret(name, if: refuse) },
                { try await store.putPermission(.read, of: "bob", scope: "vault", if: refuse) },
                { try await store.removePermission(of: "ann", scope: "vault", if: refuse) },
            ]
            for operation in operations { try await checkThrows(error: Refused(), operation) }
            try checkEqual(try await store.scope("vault"), vault, "the scope")
            try checkEqual(try await store.sealedSecret(name, if: everything), sealed(1), "the secret")
        },
    ]
}
