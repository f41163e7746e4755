// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore: TokenStore {
    public func addToken(_ token: NewToken) async throws {
        try await writer.write { db in
            try db.execute(
                sql: """
                    INSERT INTO access_tokens (hash, user_name, is_admin, comment, created_time, expiry_time)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(token.hash), token.owner.userName, token.owner.isAdmin, token.comment,
                    token.createdTime.milliseconds, token.expiryTime?.milliseconds,
                ])
        }
    }

    public func principal(tokenHash: [UInt8], at time: Timestamp) async throws -> Principal? {
        try readBriefly { db in
            try Row.fetchOne(
                try db.cachedStatement(
                    sql: """
                        SELECT user_name, is_admin FROM access_tokens
                        WHERE hash = ? AND revoked_time IS NULL AND (expiry_time IS NULL OR expiry_time > ?)
                        """),
                arguments: [Data(tokenHash), time.milliseconds]
            ).map { row in Principal(userName: row["user_name"], isAdmin: row["is_admin"]) }
        }
    }

    public func tokens(at time: Timestamp) async throws -> [TokenInfo] {
        try await read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT token_id, user_name, is_admin, comment, created_time, expiry_time FROM access_tokens
                    WHERE revoked_time IS NULL AND (expiry_time IS NULL OR expiry_time > ?) ORDER BY token_id
                    """,
                arguments: [time.milliseconds]
            ).map { row in
                TokenInfo(
                    id: row["token_id"], owner: Principal(userName: row["user_name"], isAdmin: row["is_admin"]),
                    comment: row["comment"],
                    createdTime: row.timestamp("created_time"),
                    expiryTime: row.timestampIfPresent("expiry_time"))
            }
        }
    }

    public func revokeToken(_ id: Int64, at time: Timestamp) async throws -> Bool {
        try await writer.write { db in
            try db.execute(
                sql: "UPDATE access_tokens SET revoked_time = ? WHERE token_id = ? AND revoked_time IS NULL",
                arguments: [time.milliseconds, id])
            return db.changesCount > 0
        }
    }

    public func hasTokens() async throws -> Bool {
        try await read { db in try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM access_tokens)") ?? false }
    }
}
