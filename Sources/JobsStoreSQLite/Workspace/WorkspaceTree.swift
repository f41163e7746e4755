// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsStore
import Notebooks

/// The rows of `workspace_objects` and `notebook_revisions`, as one transaction sees them.
struct WorkspaceTree {
    let db: Database

    /// The newest revision stands beside each notebook.
    private static let objects = """
        SELECT o.object_id, o.name, o.kind, o.created_time, r.language, r.written_time
        FROM workspace_objects o LEFT JOIN notebook_revisions r ON r.revision_id =
            (SELECT revision_id FROM notebook_revisions WHERE object_id = o.object_id
             ORDER BY written_time DESC, revision_id DESC LIMIT 1)
        """

    static let listing = objects + " WHERE o.parent_id = ? ORDER BY o.name"
    static let revisionInForce = """
        SELECT format, language, content, user_name, written_time FROM notebook_revisions
        WHERE object_id = ? AND written_time <= ? ORDER BY written_time DESC, revision_id DESC LIMIT 1
        """

    func object(_ path: WorkspacePath) throws -> WorkspaceObject? {
        guard let id = try id(of: path) else { return nil }
        return try Row.fetchOne(
            try db.cachedStatement(sql: Self.objects + " WHERE o.object_id = ?"), arguments: [id]
        ).map { try Self.object($0, path) }
    }

    func id(of path: WorkspacePath) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT object_id FROM workspace_objects WHERE parent_id IS ? AND name = ?")
        var id = try Int64.fetchOne(statement, arguments: [nil as Int64?, ""])
        for name in path.components {
            guard let parent = id else { return nil }
            id = try Int64.fetchOne(statement, arguments: [parent, name])
        }
        return id
    }

    func children(of directory: WorkspaceObject) throws -> [WorkspaceObject] {
        try Row.fetchAll(
            try db.cachedStatement(sql: Self.listing), arguments: [directory.id]
        ).map { try Self.object($0, directory.path.appending($0["name"])) }
    }

    func hasChildren(_ id: Int64) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM workspace_objects WHERE parent_id = ?)", arguments: [id]) ?? false
    }

    private static func object(_ row: Row, _ path: WorkspacePath) throws -> WorkspaceObject {
        let created = row.timestamp("created_time")
        if row["kind"] == "DIRECTORY" {
            return WorkspaceObject(
                id: row["object_id"], path: path, kind: .directory, createdTime: created, modifiedTime: created)
        }
        guard let language = try row.enumerationIfPresent("language") as NotebookLanguage? else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a notebook without a revision")
        }
        return WorkspaceObject(
            id: row["object_id"], path: path, kind: .notebook(language), createdTime: created,
            modifiedTime: row.timestamp("written_time"))
    }

    // MARK: Changes

    func insert(_ name: String, in parent: Int64?, kind: String, at time: Timestamp) throws -> Int64 {
        try db.execute(
            sql: "INSERT INTO workspace_objects (parent_id, name, kind, created_time) VALUES (?, ?, ?, ?)",
            arguments: [parent, name, kind, time.milliseconds])
        return db.lastInsertedRowID
    }

    /// All rows below it go too.
    func remove(_ id: Int64) throws {
        let subtree = """
            WITH RECURSIVE subtree (id) AS (VALUES (?) UNION ALL
                SELECT object_id FROM workspace_objects JOIN subtree ON parent_id = subtree.id)
            """
        for table in ["notebook_revisions", "workspace_objects"] {
            try db.execute(
                sql: "\(subtree) DELETE FROM \(table) WHERE object_id IN (SELECT id FROM subtree)", arguments: [id])
        }
    }

    // MARK: Revisions

    func insert(_ revision: NewRevision, of id: Int64) throws {
        try db.execute(
            sql: """
                INSERT INTO notebook_revisions (object_id, written_time, user_name, language, format, content)
                VALUES (?1, MAX(?2, COALESCE((SELECT MAX(written_time) FROM notebook_revisions WHERE object_id = ?1), ?2)),
                    ?3, ?4, ?5, ?6)
                """,
            arguments: [
                id, revision.time.milliseconds, revision.userName, revision.language.rawValue, revision.format.rawValue,
                Data(revision.content),
            ])
    }

    func revision(of id: Int64, at time: Timestamp?) throws -> NotebookRevision? {
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: Self.revisionInForce), arguments: [id, time?.milliseconds ?? Int64.max])
        guard let row else { return nil }
        return NotebookRevision(
            objectID: id, format: try row.enumeration("format"), language: try row.enumeration("language"),
            content: Array(row["content"] as Data), userName: row["user_name"],
            time: row.timestamp("written_time"))
    }

    func hasRevision(_ id: Int64, at time: Timestamp?) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM notebook_revisions WHERE object_id = ? AND written_time <= ?)",
            arguments: [id, time?.milliseconds ?? Int64.max]) ?? false
    }

    func prune(_ id: Int64, _ retention: RevisionRetention) throws {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT revision_id, length(content) AS size FROM notebook_revisions WHERE object_id = ?
                ORDER BY written_time DESC, revision_id DESC
                """, arguments: [id])
        for row in rows.dropFirst(retention.keeps(rows.map { $0["size"] })) {
            try db.execute(
                sql: "DELETE FROM notebook_revisions WHERE revision_id = ?", arguments: [row["revision_id"] as Int64])
        }
    }
}
