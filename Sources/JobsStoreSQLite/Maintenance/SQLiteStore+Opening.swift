// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain

/// Why a database was not opened.
public enum DatabaseOpeningError: Error, CustomStringConvertible {
    /// Its file is not a database, or damaged.
    case damaged(String, faults: [String])
    /// It was written by a newer program.
    case newer(String)
    case locked(String)
    case failed(String, reason: String)

    public var description: String {
        switch self {
        case .damaged(let path, let faults):
            "The database \(path) is damaged: \(faults.prefix(3).joined(separator: "; "))."
        case .newer(let path): "The database \(path) was written by a newer version of this program."
        case .locked(let path): "Another program has locked the database \(path)."
        case .failed(let path, let reason): "The database \(path) cannot be opened: \(reason)."
        }
    }

    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = .failed(path, reason: "\(error)")
            return
        }
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_FORMAT:
            self = .damaged(path, faults: [error.message ?? "\(error.resultCode)"])
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN:
            self = .failed(path, reason: "it, or the directory that it is in, cannot be written or is not there")
        case .SQLITE_FULL: self = .failed(path, reason: "the disk is full")
        default: self = .failed(path, reason: error.message ?? "\(error.resultCode)")
        }
    }
}

extension SQLiteStore {
    /// Databases up to this size are checked at every start, which takes about a second.
    private static let quicklyChecked = 64 * 1024 * 1024

    /// Opens a server's database; a damaged one is refused rather than made worse.
    /// - Parameter checksDamage: false for commands that must be quick, on a database that a server has checked.
    /// - Throws: `DatabaseOpeningError`.
    public static func open(
        path: String, limits: WorkspaceLimits = WorkspaceLimits(), checksDamage: Bool = true
    ) throws -> SQLiteStore {
        do {
            if !checksDamage { return try SQLiteStore(path: path, limits: limits) }
            if FileManager.default.fileExists(atPath: path) {
                let faults = try damage(path)
                if !faults.isEmpty { throw DatabaseOpeningError.damaged(path, faults: faults) }
            } else {
                // Mode 0600: settings and parameters may be confidential. SQLite gives the write-ahead log the same
                // mode. If the file cannot be created, SQLite's open reports why.
                _ = FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
            }
            return try SQLiteStore(path: path, limits: limits)
        } catch let error as DatabaseOpeningError {
            throw error
        } catch {
            throw DatabaseOpeningError(error, path: path)
        }
    }

    private static func damage(_ path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read { db in
            guard try Migrations.migrator.hasBeenSuperseded(db) == false else {
                throw DatabaseOpeningError.newer(path)
            }
            let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            guard size <= quicklyChecked else { return [] }
            return try String.fetchAll(db, sql: "PRAGMA quick_check(3)").filter { $0 != "ok" }
        }
    }
}
