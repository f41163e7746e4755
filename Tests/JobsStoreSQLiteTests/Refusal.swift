// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsServerTesting
import JobsTesting
import Testing

/// A statement that the schema refuses, by this constraint and no other.
struct Refusal: Sendable, CustomTestStringConvertible {
    private let sql: String
    private let code: ResultCode
    /// What SQLite's message says of the constraint.
    private let constraint: String

    var testDescription: String { sql }

    /// - Parameter message: that of the trigger's RAISE.
    static func trigger(_ message: String, _ sql: String) -> Refusal {
        Refusal(sql: sql, code: .SQLITE_CONSTRAINT_TRIGGER, constraint: message)
    }

    /// - Parameter expression: a part of the constraint that no other has.
    static func check(_ expression: String, _ sql: String) -> Refusal {
        Refusal(sql: sql, code: .SQLITE_CONSTRAINT_CHECK, constraint: expression)
    }

    /// - Parameter columns: with the table's name.
    static func unique(_ columns: String, _ sql: String) -> Refusal {
        Refusal(sql: sql, code: .SQLITE_CONSTRAINT_UNIQUE, constraint: "UNIQUE constraint failed: " + columns)
    }

    /// - Parameter columns: with the table's name.
    static func primaryKey(_ columns: String, _ sql: String) -> Refusal {
        Refusal(sql: sql, code: .SQLITE_CONSTRAINT_PRIMARYKEY, constraint: "UNIQUE constraint failed: " + columns)
    }

    /// SQLite does not say which one.
    static func foreignKey(_ sql: String) -> Refusal {
        Refusal(sql: sql, code: .SQLITE_CONSTRAINT_FOREIGNKEY, constraint: "FOREIGN KEY constraint failed")
    }

    func expect(in temporary: TemporaryStore) throws {
        let queue = try DatabaseQueue(path: temporary.directory.path + "/test.sqlite")
        let error = #expect(throws: DatabaseError.self) { try queue.write { db in try db.execute(sql: sql) } }
        guard let error else { return }
        #expect(error.extendedResultCode == code, "\(error)")
        #expect(error.message?.contains(constraint) == true, "\(error)")
    }
}
