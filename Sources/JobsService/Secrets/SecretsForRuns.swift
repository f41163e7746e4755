// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore

/// Secrets, for runs: each reads what the user in whose name it runs may read.
public struct SecretsForRuns: SecretSource {
    private let secrets: SecretService
    private let tokens: any TokenStore
    private let clock: any WallClock

    public init(secrets: SecretService, tokens: any TokenStore, clock: any WallClock) {
        self.secrets = secrets
        self.tokens = tokens
        self.clock = clock
    }

    public func secret(scope: String, key: String, for userName: String) async throws -> [UInt8]? {
        try await secrets.value(SecretName(scope: scope, key: key), for: try await principal(userName))
    }

    public func keys(inScope scope: String, for userName: String) async throws -> [String]? {
        let principal = try await principal(userName)
        do {
            return try await secrets.store.secrets(of: scope, if: SecretService.requires(.read, of: principal))
                .map(\.key)
        } catch SecretError.scopeDoesNotExist {
            return nil
        }
    }

    public func scopes(for userName: String) async throws -> [String] {
        try await secrets.scopes(for: try await principal(userName)).map(\.name)
    }

    /// A run stores only its user's name; the valid tokens tell whether the user is an administrator.
    private func principal(_ userName: String) async throws -> Principal {
        let isAdmin = try await tokens.tokens(at: clock.now).contains {
            $0.owner.userName == userName && $0.owner.isAdmin
        }
        return Principal(userName: userName, isAdmin: isAdmin)
    }
}
