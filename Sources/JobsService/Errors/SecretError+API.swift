// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension SecretError: APIErrorConvertible {
    public var apiError: APIError {
        switch self {
        case .scopeExists(let name): APIError(.resourceAlreadyExists, "Scope \(name) already exists!")
        case .scopeDoesNotExist(let name):
            APIError(.resourceDoesNotExist, "Scope \(name.prefix(200)) does not exist!")
        case .tooManyScopes(let limit):
            APIError(.resourceLimitExceeded, "There are already \(limit) scopes, which is the limit.")
        case .tooManySecrets(let limit):
            APIError(.resourceLimitExceeded, "The scope has \(limit) secrets already, which is the limit.")
        case .secretDoesNotExist(let name):
            APIError(
                .resourceDoesNotExist,
                "Secret does not exist with scope: \(name.scope.prefix(200)) and key: \(name.key.prefix(200))")
        case .permissionDoesNotExist(let principal, let scope):
            APIError(
                .resourceDoesNotExist,
                "Principal \(principal.prefix(200)) has no permission of its own on scope \(scope.prefix(200)).")
        }
    }
}
