// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Access tokens; only their hashes are stored.
public protocol TokenStore: Sendable {
    func addToken(_ token: NewToken) async throws
    /// The owner of the token with this hash, when it is neither revoked nor expired at `time`.
    func principal(tokenHash: [UInt8], at time: Timestamp) async throws -> Principal?
    /// Tokens that are neither revoked nor expired, oldest first.
    func tokens(at time: Timestamp) async throws -> [TokenInfo]
    /// False when there is no such token, or it was revoked before.
    func revokeToken(_ id: Int64, at time: Timestamp) async throws -> Bool
    /// False on the first start.
    func hasTokens() async throws -> Bool
}

/// Whom a request comes from.
public struct Principal: Equatable, Sendable {
    public let userName: String
    public let isAdmin: Bool

    public init(userName: String, isAdmin: Bool) {
        self.userName = userName
        self.isAdmin = isAdmin
    }
}

/// A token as it may be shown.
public struct TokenInfo: Equatable, Sendable {
    public let id: Int64
    public let owner: Principal
    public let comment: String
    public let createdTime: Timestamp
    public let expiryTime: Timestamp?

    public init(id: Int64, owner: Principal, comment: String, createdTime: Timestamp, expiryTime: Timestamp?) {
        self.id = id
        self.owner = owner
        self.comment = comment
        self.createdTime = createdTime
        self.expiryTime = expiryTime
    }
}

public struct NewToken: Sendable {
    /// SHA-256.
    public let hash: [UInt8]
    public let owner: Principal
    public let comment: String
    public let createdTime: Timestamp
    /// nil: never expires.
    public let expiryTime: Timestamp?

    public init(hash: [UInt8], owner: Principal, comment: String, createdTime: Timestamp, expiryTime: Timestamp?) {
        self.hash = hash
        self.owner = owner
        self.comment = comment
        self.createdTime = createdTime
        self.expiryTime = expiryTime
    }
}
