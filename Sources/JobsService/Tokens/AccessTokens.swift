// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation
import JobsDomain
import JobsStore

/// Makes access tokens and finds out whose they are (contract A5). A token is 128 random bits, so its SHA-256 tells
/// nothing about it, and looking that up takes a time that does not depend on the token.
public struct AccessTokens: Sendable {
    let store: any TokenStore
    let clock: any WallClock

    public init(store: any TokenStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Stores a new token and returns its text, which nobody can read again.
    public func create(for owner: Principal, comment: String, lifetime: Duration? = nil) async throws -> String {
        // The form of the real service's tokens, which some clients check.
        let token = "dapi" + Self.hexadecimal(SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) })
        let now = clock.now
        try await store.addToken(
            NewToken(
                hash: Self.hash(token), owner: owner, comment: comment, createdTime: now,
                expiryTime: lifetime.map { now + $0 }))
        return token
    }

    /// nil when the token is unknown, revoked or expired.
    public func principal(of token: String) async throws -> Principal? {
        try await store.principal(tokenHash: Self.hash(token), at: clock.now)
    }

    /// The tokens in force.
    public func list() async throws -> [TokenInfo] { try await store.tokens(at: clock.now) }

    /// False when there is no such token in force.
    public func revoke(_ id: Int64) async throws -> Bool { try await store.revokeToken(id, at: clock.now) }

    private static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
