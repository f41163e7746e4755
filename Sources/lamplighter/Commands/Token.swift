// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import JobsDomain
import JobsService
import JobsStore
import JobsStoreSQLite

/// `lamplighter token`.
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage access tokens.", subcommands: [CreateToken.self, ListTokens.self, RevokeToken.self])
}

/// `lamplighter token create --data DIR --user NAME`: works beside a running server too.
struct CreateToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make an access token and print it. It cannot be shown again.")

    @Option(help: "The server's data directory.") var data: String
    @Option(help: "The name of the user whom the token stands for.") var user: String
    @Flag(help: "Whether the user is an administrator.") var admin = false
    @Option(help: "Days after which the token expires. Default: never.") var days: Int?
    @Option(help: "What the token is for.") var comment = ""

    func validate() throws {
        if user.isEmpty || user.utf8.count > 255 {
            throw ValidationError("Invalid value for --user. Allowed: 1 to 255 bytes.")
        }
        if let days, days < 1 { throw ValidationError("Invalid value for --days: \(days). Allowed: 1 or more.") }
    }

    func run() async throws {
        try await withTokens(data) { tokens in
            let owner = Principal(userName: user, isAdmin: admin)
            let lifetime = days.map { Duration.seconds($0 * 86400) }
            print(try await tokens.create(for: owner, comment: comment, lifetime: lifetime))
        }
    }
}

/// `lamplighter token list --data DIR`.
struct ListTokens: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens in force, without their texts.")

    @Option(help: "The server's data directory.") var data: String

    func run() async throws {
        try await withTokens(data) { tokens in
            for token in try await tokens.list() {
                let expiry = token.expiryTime.map { CivilDate($0).iso8601 } ?? "never"
                let admin = token.owner.isAdmin ? " (admin)" : ""
                print(
                    "\(token.id)  \(token.owner.userName)\(admin)  created \(CivilDate(token.createdTime).iso8601)  "
                        + "expires \(expiry)  \(token.comment)")
            }
        }
    }
}

/// `lamplighter token revoke --data DIR --id N`.
struct RevokeToken: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make a token worthless, within a second also on a running server.")

    @Option(help: "The server's data directory.") var data: String
    @Option(help: "The number of the token, as `token list` shows it.") var id: Int64

    func run() async throws {
        try await withTokens(data) { tokens in
            guard try await tokens.revoke(id) else { throw CommandFailure("No token in force has the number \(id).") }
            print("Token \(id) is revoked.")
        }
    }
}

/// Opens the store beside a server that may be running on it.
private func withTokens(_ data: String, _ body: (AccessTokens) async throws -> Void) async throws {
    let directory = try DataDirectory(existing: data)
    let store: SQLiteStore
    do {
        store = try SQLiteStore.open(path: directory.database, checksDamage: false)
    } catch { throw CommandFailure(opening: error) }
    try await body(AccessTokens(store: store, clock: SystemClock()))
    try store.close()
}
