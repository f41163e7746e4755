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
        abstract: "Manage access tokens.", subcommands: [CreateToken.self])
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
        let directory = DataDirectory(
            path: URL(fileURLWithPath: (data as NSString).expandingTildeInPath).standardizedFileURL.path)
        guard FileManager.default.fileExists(atPath: directory.database) else {
            throw ValidationError("\(data) is not the data directory of a server: start `lamplighter serve --data \(data)` once.")
        }
        let store = try SQLiteStore(path: directory.database)
        let token = try await AccessTokens(store: store, clock: SystemClock()).create(
            for: Principal(userName: user, isAdmin: admin), comment: comment,
            lifetime: days.map { .seconds($0 * 86400) })
        try store.close()
        print(token)
    }
}
