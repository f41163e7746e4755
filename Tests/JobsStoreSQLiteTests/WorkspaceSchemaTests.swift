// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsServerTesting
import JobsStore
import JobsTesting
import Notebooks
import Testing

@testable import JobsStoreSQLite

@Suite("The workspace on SQLite")
struct WorkspaceSchemaTests {
    /// A row of `workspace_objects`.
    private static func object(_ parent: String, _ name: String, _ kind: String) -> String {
        """
        INSERT INTO workspace_objects (parent_id, name, kind, created_time) VALUES (\(parent), '\(name)', '\(kind)', 0)
        """
    }

    @Test(
        "the schema itself refuses what must never be",
        arguments: [
            Refusal.unique("workspace_objects.name", object("NULL", "", "DIRECTORY")),
            .check("(parent_id IS NULL) = (name = '')", object("1", "", "DIRECTORY")),
            .check("parent_id IS NOT NULL OR kind = 'DIRECTORY'", object("NULL", "", "NOTEBOOK")),
            .check("instr(name, '/') = 0 AND name NOT IN", object("1", "..", "DIRECTORY")),
            .check("instr(name, '/') = 0 AND name NOT IN", object("1", "a/b", "DIRECTORY")),
            .check("kind IN ('DIRECTORY', 'NOTEBOOK')", object("1", "x", "FILE")),
            .unique("workspace_objects.parent_id, workspace_objects.name", object("1", "Users", "NOTEBOOK")),
            .trigger("a parent is a directory", object("99", "x", "NOTEBOOK")),
            .trigger(
                "a parent is a directory",
                """
                INSERT INTO workspace_objects (parent_id, name, kind, created_time)
                SELECT object_id, 'x', 'NOTEBOOK', 0 FROM workspace_objects WHERE kind = 'NOTEBOOK'
                """),
            .foreignKey("DELETE FROM workspace_objects WHERE kind = 'NOTEBOOK'"),
            .trigger(
                "a revision is of a notebook",
                """
                INSERT INTO notebook_revisions (object_id, written_time, user_name, language, format, content)
                VALUES (1, 0, 'a', 'PYTHON', 'SOURCE', x'')
                """),
            .trigger("a revision never changes", "UPDATE notebook_revisions SET content = x'00'"),
            .trigger("a revision never changes", "UPDATE notebook_revisions SET written_time = 5"),
            .foreignKey("INSERT INTO secret_permissions (scope_id, principal, permission) VALUES (1, 'a', 'READ')"),
        ])
    func refused(_ refusal: Refusal) async throws {
        let temporary = try TemporaryStore()
        _ = try await temporary.store.writeNotebook(
            try WorkspacePath("/n"),
            NewRevision(
                format: .source, language: .python, content: [], userName: "a", time: Timestamp(milliseconds: 0)),
            overwrite: false)
        try refusal.expect(in: temporary)
    }

    @Test("a listing and the revision in force are found by index, without sorting")
    func plans() throws {
        let temporary = try TemporaryStore()
        let queue = try DatabaseQueue(path: temporary.directory.path + "/test.sqlite")
        for (sql, arguments) in [(WorkspaceTree.listing, [1]), (WorkspaceTree.revisionInForce, [1, 2])] {
            let plan = try queue.read { db in
                try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + sql, arguments: StatementArguments(arguments))
                    .map { $0["detail"] as String }
            }
            #expect(!plan.contains { $0.hasPrefix("SCAN") || $0.contains("TEMP B-TREE") }, "\(plan)")
        }
    }

    @Test("a database from before the workspace gets one, with its root")
    func migration() async throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.path + "/old.sqlite")
        try Migrations.migrator.migrate(queue, upTo: "V005_RankBlocks")
        try queue.close()
        let later = try SQLiteStore(path: directory.path + "/old.sqlite")
        #expect(try await later.workspaceObjects(in: .root).map(\.path.name) == ["Shared", "Users"])
        #expect(try await later.scopes() == [])
    }
}
