// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB

/// Compares the tables, indexes and triggers of a database with those that the migrations create: a missing trigger
/// would leave a rule unenforced without any error.
enum SchemaFaults {
    /// A sentence for each difference.
    static func all(in db: Database) throws -> [String] {
        let wanted = try freshSchema()
        let found = try schema(of: db)
        return wanted.keys.sorted().compactMap { name in
            guard let sql = found[name] else { return "the \(name) is gone" }
            return sql == wanted[name] ? nil : "the \(name) is not what the program has made"
        } + Set(found.keys).subtracting(wanted.keys).sorted().map { "the \($0) is not of the program" }
    }

    private static func freshSchema() throws -> [String: String] {
        let fresh = try DatabaseQueue()
        try Migrations.migrator.migrate(fresh)
        return try fresh.read(schema)
    }

    /// CREATE statements by the name of what they create. Names that begin with `sqlite_` are SQLite's own.
    private static func schema(of db: Database) throws -> [String: String] {
        let rows = try Row.fetchAll(
            db,
            sql:
                "SELECT type || ' ' || name AS title, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return Dictionary(rows.map { ($0["title"], $0["sql"] ?? "") }, uniquingKeysWith: { first, _ in first })
    }
}
