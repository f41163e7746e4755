// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

extension StoreConformance {
    private static func hash(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private static func token(
        _ byte: UInt8, of owner: Principal = ann, comment: String = "", until expiry: Timestamp? = nil
    ) -> NewToken {
        NewToken(hash: hash(byte), owner: owner, comment: comment, createdTime: t0, expiryTime: expiry)
    }

    private static let ann = Principal(userName: "ann", isAdmin: true)
    private static let bob = Principal(userName: "bob", isAdmin: false)

    static let tokenChecks: [StoreCheck] = [
        StoreCheck("A5: a token is found by its hash until it expires") { store in
            try check(try await !store.hasTokens(), "tokens in a new store")
            try await store.addToken(token(7, until: at(10)))
            try checkEqual(try await store.principal(tokenHash: hash(7), at: at(9)), ann, "owner")
            try checkEqual(try await store.principal(tokenHash: hash(7), at: at(10)), nil, "expired")
            try checkEqual(try await store.principal(tokenHash: hash(8), at: t0), nil, "unknown")
            try check(try await store.hasTokens(), "no token")
        },
        StoreCheck("A5: a revoked token is no token any more, and the others are") { store in
            try await store.addToken(token(7, of: bob, comment: "c"))
            try await store.addToken(token(8))
            let revoked = try found(try await store.tokens(at: t0).first, "token")
            try checkEqual(revoked.owner, bob, "owner")
            try check(try await store.revokeToken(revoked.id, at: at(1)), "not revoked")
            try check(try await !store.revokeToken(revoked.id, at: at(2)), "revoked twice")
            try check(try await !store.revokeToken(9999, at: at(2)), "revoked one that is not there")
            try checkEqual(try await store.principal(tokenHash: hash(7), at: at(3)), nil, "still good")
            try checkEqual(try await store.principal(tokenHash: hash(8), at: at(3)), ann, "the other")
            try checkEqual(try await store.tokens(at: at(3)).map(\.owner), [ann], "list")
            try check(try await store.hasTokens(), "a revoked token is one that there was")
        },
        StoreCheck("A5: tokens are listed oldest first, as they were made, those that are good alone") { store in
            try await store.addToken(token(1, comment: "é", until: at(10)))
            try await store.addToken(token(2, until: at(5)))
            try await store.addToken(token(3, of: bob))
            let tokens = try await store.tokens(at: at(5))
            try checkEqual(
                tokens,
                [
                    TokenInfo(id: tokens[0].id, owner: ann, comment: "é", createdTime: t0, expiryTime: at(10)),
                    TokenInfo(id: tokens[1].id, owner: bob, comment: "", createdTime: t0, expiryTime: nil),
                ], "list")
            try check(tokens[0].id != tokens[1].id, "two tokens with the id \(tokens[0].id)")
        },
    ]
}
