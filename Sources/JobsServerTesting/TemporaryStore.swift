// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain
import JobsStoreSQLite
import JobsTesting

/// A store on a file of its own.
public final class TemporaryStore: Sendable {
    public let directory: TemporaryDirectory
    public let store: SQLiteStore

    /// - Parameter copying: a database to begin with; it is migrated.
    public init(limits: WorkspaceLimits = WorkspaceLimits(), copying database: String? = nil) throws {
        directory = try TemporaryDirectory()
        if let database { try FileManager.default.copyItem(atPath: database, toPath: directory.path + "/test.sqlite") }
        store = try SQLiteStore(path: directory.path + "/test.sqlite", limits: limits)
    }

    /// Opens the file a second time, as a server that is started later does.
    public func reopened() throws -> SQLiteStore { try SQLiteStore(path: directory.path + "/test.sqlite") }
}

extension SQLiteStore {
    /// The destination that the specification's examples name.
    public func addSpecDestination() async throws {
        try await addDestination(
            .fixture("bf2fbd0a-4a05-4300-98a5-303fc8132233", name: "spec"), at: Timestamp(milliseconds: 0))
    }
}
