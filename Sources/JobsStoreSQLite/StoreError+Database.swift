// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsStore

extension StoreError {
    /// SQLite errors caused by the environment (disk, files, locks); nil for errors of the statement, which are bugs.
    static func unavailable(_ error: any Error) -> StoreError? {
        guard let error = error as? DatabaseError else { return nil }
        switch error.resultCode {
        case .SQLITE_FULL: return .unavailable(reason: "the disk is full")
        case .SQLITE_READONLY: return .unavailable(reason: "the database cannot be written")
        case .SQLITE_BUSY, .SQLITE_LOCKED: return .unavailable(reason: "another program has locked the database")
        case .SQLITE_IOERR, .SQLITE_CANTOPEN:
            return .unavailable(reason: "the database's files cannot be read or written")
        case .SQLITE_NOMEM: return .unavailable(reason: "there is no memory left")
        default: return nil
        }
    }
}
