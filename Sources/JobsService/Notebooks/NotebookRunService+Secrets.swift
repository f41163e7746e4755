// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain

extension NotebookRunService {
    /// The bytes of a secret that the run's user may read.
    public func secret(_ decoded: DecodedRequest<RunSecretRequest>, of run: RunID) async throws -> [UInt8] {
        let request = try decoded.checked()
        let key = request.key ?? ""
        let user = try await caller(run).creatorUserName
        guard let value = try await secrets.secret(scope: request.scope, key: key, for: user) else {
            throw APIError.secretDoesNotExist(scope: request.scope, key: key)
        }
        return value
    }

    /// The keys in a scope.
    public func secretKeys(_ decoded: DecodedRequest<RunSecretRequest>, of run: RunID) async throws -> [String] {
        let scope = try decoded.checked().scope
        let user = try await caller(run).creatorUserName
        guard let keys = try await secrets.keys(inScope: scope, for: user) else {
            throw APIError.secretScopeDoesNotExist(scope)
        }
        return keys
    }

    public func secretScopes(of run: RunID) async throws -> [String] {
        try await secrets.scopes(for: try await caller(run).creatorUserName)
    }
}
