// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Crypto
import Foundation
import JobsDomain
import JobsStore
import Synchronization

/// Makes access tokens and finds out whose they are (contract A5). A token is 128 random bits, so its SHA-256 tells
/// nothing about it, and looking that up takes a time that does not depend on the token.
public struct AccessTokens: Sendable {
    private let store: any TokenStore
    private let clock: any WallClock
    private let recent = RecentPrincipals()

    public init(store: any TokenStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// Stores a new token and returns its text, which nobody can read again.
    /// - Parameter handOver: is given the text before the token is stored: a crash in between leaves an invalid token
    ///   file, never a valid token that nobody has.
    public func create(
        for owner: Principal, comment: String, lifetime: Duration? = nil,
        handOver: @Sendable (_ token: String) throws -> Void = { _ in }
    ) async throws -> String {
        // The form of the real service's tokens, which some clients check.
        let token = "dapi" + TokenText.random()
        try handOver(token)
        let now = clock.now
        try await store.addToken(
            NewToken(
                hash: TokenText.hash(token), owner: owner, comment: comment, createdTime: now,
                expiryTime: lifetime.map { now + $0 }))
        return token
    }

    /// nil when the token is unknown, revoked or expired.
    public func principal(of token: String) async throws -> Principal? {
        let hash = TokenText.hash(token)
        let now = clock.now
        if let known = recent.principal(hash, at: now) { return known }
        let found = try await store.principal(tokenHash: hash, at: now)
        if let found { recent.remember(found, hash, at: now) }
        return found
    }

    /// The tokens in force.
    public func list() async throws -> [TokenInfo] { try await store.tokens(at: clock.now) }

    /// False when there is no such token in force.
    public func revoke(_ id: Int64) async throws -> Bool {
        defer { recent.forget() }
        return try await store.revokeToken(id, at: clock.now)
    }
}

enum TokenText {
    /// What is stored of a token.
    static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Data(token.utf8))) }

    /// 128 random bits.
    static func random() -> String {
        SymmetricKey(size: .bits128).withUnsafeBytes { $0.hexadecimal }
    }
}

/// Whose the tokens of the last second were: a client sends the same token with each of its requests. A token that is
/// revoked by another process, or expires, is good for that second more.
private final class RecentPrincipals: Sendable {
    private static let lifetime = Duration.seconds(1)

    private struct Entry {
        let principal: Principal
        let until: Timestamp
    }

    private let entries = Mutex<[[UInt8]: Entry]>([:])

    func principal(_ hash: [UInt8], at now: Timestamp) -> Principal? {
        entries.withLock { entries in
            guard let entry = entries[hash], now < entry.until, entry.until - now <= Self.lifetime else { return nil }
            return entry.principal
        }
    }

    func remember(_ principal: Principal, _ hash: [UInt8], at now: Timestamp) {
        entries.withLock { entries in
            if entries.count > 1000 { entries.removeAll() }
            entries[hash] = Entry(principal: principal, until: now + Self.lifetime)
        }
    }

    func forget() { entries.withLock { $0.removeAll() } }
}
