// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// `POST secrets/scopes/create`.
public struct CreateScopeRequest: APIRequest {
    public let scope: String
    public let initialManagePrincipal: String?
    public let backendType: String?

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        initialManagePrincipal = reader.string("initial_manage_principal")
        backendType = reader.string("scope_backend_type")
    }
}

/// An endpoint about a whole scope: scopes/delete, list, acls/list.
public struct ScopeRequest: APIRequest {
    public let scope: String

    public init(reading reader: ObjectReader) { scope = reader.requiredString("scope") }
}

/// `POST secrets/put`. What is wrong with a value never says the value.
public struct PutSecretRequest: APIRequest {
    public let scope: String
    public let key: String
    public let stringValue: String?
    /// Base64.
    public let bytesValue: String?

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        key = reader.requiredString("key")
        stringValue = reader.secretString("string_value")
        bytesValue = reader.secretString("bytes_value")
    }
}

/// `POST secrets/delete`.
public struct SecretRequest: APIRequest {
    public let scope: String
    public let key: String

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        key = reader.requiredString("key")
    }
}

/// `POST secrets/acls/put`.
public struct PutSecretACLRequest: APIRequest {
    public let scope: String
    public let principal: String
    public let permission: String

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        principal = reader.requiredString("principal")
        permission = reader.requiredString("permission")
    }
}

/// `GET secrets/acls/get` and `POST secrets/acls/delete`.
public struct SecretACLRequest: APIRequest {
    public let scope: String
    public let principal: String

    public init(reading reader: ObjectReader) {
        scope = reader.requiredString("scope")
        principal = reader.requiredString("principal")
    }
}
