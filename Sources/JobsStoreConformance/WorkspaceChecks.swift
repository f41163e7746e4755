// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Notebooks

extension StoreConformance {
    private static func path(_ text: String) throws -> WorkspacePath { try WorkspacePath(text) }

    private static func revision(
        _ text: String, at time: Timestamp = t0, _ language: NotebookLanguage = .python
    ) -> NewRevision {
        NewRevision(
            format: .source, language: language, content: Array(text.utf8), userName: "ann", time: time)
    }

    private static func text(_ store: StoreCheck.Store, _ path: String, at time: Timestamp? = nil) async throws
        -> String?
    {
        try await store.notebookRevision(Self.path(path), at: time).map { String(decoding: $0.content, as: UTF8.self) }
    }

    static let workspaceChecks: [StoreCheck] = [
        StoreCheck("a new workspace has what everybody expects to find") { store in
            try checkEqual(
                try await store.workspaceObjects(in: .root).map(\.path), [path("/Shared"), path("/Users")], "the root")
        },
        StoreCheck("a directory is listed by name, without what lies deeper") { store in
            try await store.makeWorkspaceDirectories(path("/d/c/x"), at: t0)
            for name in ["b", "a"] {
                _ = try await store.writeNotebook(path("/d/\(name)"), revision("x"), overwrite: false)
            }
            try await store.makeWorkspaceDirectories(path("/e"), at: t0)
            try checkEqual(
                try await store.workspaceObjects(in: path("/d")).map(\.path),
                [path("/d/a"), path("/d/b"), path("/d/c")],
                "the list")
            try checkEqual(try await store.workspaceObjects(in: path("/e")), [], "an empty directory")
        },
        StoreCheck("the root is there, and cannot be removed") { store in
            let root = try await store.workspaceObject(.root)
            try checkEqual(root?.kind, .directory, "the root")
            try await checkThrows(error: WorkspaceError.rootIsFixed) {
                try await store.removeWorkspaceObject(.root, recursive: true)
            }
        },
        StoreCheck("a notebook is found as it was written, and in the list of its directory") { store in
            try await store.makeWorkspaceDirectories(path("/a/b"), at: t0)
            try await store.makeWorkspaceDirectories(path("/a/b"), at: at(1))
            let written = try await store.writeNotebook(
                path("/a/b/n é"), revision("x", at: at(2), .scala), overwrite: false)
            try checkEqual(written.kind, .notebook(.scala), "kind")
            try checkEqual(try await store.workspaceObject(path("/a/b/n é")), written, "the object")
            try checkEqual(try await store.workspaceObjects(in: path("/a/b")), [written], "the list")
            try checkEqual(try await store.workspaceObjects(in: path("/a/b/n é")), [written], "a notebook's list")
            try checkEqual(try await store.workspaceObject(path("/a/b"))?.createdTime, t0, "made once")
            try checkEqual(try await store.notebookRevision(path("/a/b/n é"), at: nil)?.userName, "ann", "user")
            try checkEqual(try await store.notebookRevision(path("/a/b"), at: nil), nil, "a directory's revision")
            try await checkThrows(error: WorkspaceError.doesNotExist(path("/no"))) {
                _ = try await store.workspaceObjects(in: path("/no"))
            }
        },
        StoreCheck("what is in the way, or missing, is refused") { store in
            let notebook = try path("/n")
            _ = try await store.writeNotebook(notebook, revision("x"), overwrite: false)
            try await store.makeWorkspaceDirectories(path("/d"), at: t0)
            try await checkThrows(error: WorkspaceError.alreadyExists(notebook)) {
                _ = try await store.writeNotebook(notebook, revision("y"), overwrite: false)
            }
            try await checkThrows(error: WorkspaceError.alreadyExists(path("/d"))) {
                _ = try await store.writeNotebook(path("/d"), revision("y"), overwrite: true)
            }
            try await checkThrows(error: WorkspaceError.parentDoesNotExist(path("/no"))) {
                _ = try await store.writeNotebook(path("/no/n"), revision("y"), overwrite: true)
            }
            try await checkThrows(error: WorkspaceError.isNotDirectory(notebook)) {
                _ = try await store.writeNotebook(path("/n/n"), revision("y"), overwrite: true)
            }
            try await checkThrows(error: WorkspaceError.isNotDirectory(notebook)) {
                try await store.makeWorkspaceDirectories(path("/n/d"), at: t0)
            }
            try checkEqual(try await text(store, "/n"), "x", "the text")
        },
        StoreCheck("of several revisions the one in force at a time is found, the later one of the same millisecond") {
            store in
            let first = try await store.writeNotebook(path("/n"), revision("1", at: at(10)), overwrite: true)
            for (text, time) in [("2", at(20)), ("3", at(20)), ("4", at(30))] {
                let object = try await store.writeNotebook(path("/n"), revision(text, at: time), overwrite: true)
                try checkEqual(object.id, first.id, "object id")
            }
            try checkEqual(try await text(store, "/n", at: at(9)), nil, "before the first")
            for (time, expected) in [(10, "1"), (19, "1"), (20, "3"), (29, "3"), (30, "4"), (99, "4")] {
                try checkEqual(try await text(store, "/n", at: at(Int64(time))), expected, "at \(time)")
            }
            // A clock that is set back: the newest revision is never before another.
            _ = try await store.writeNotebook(path("/n"), revision("5", at: at(5), .sql), overwrite: true)
            try checkEqual(try await text(store, "/n"), "5", "the newest")
            try checkEqual(try await text(store, "/n", at: at(30)), "5", "in force then")
            try checkEqual(try await store.workspaceObject(path("/n"))?.kind, .notebook(.sql), "kind")
            try checkEqual(try await store.workspaceObject(path("/n"))?.modifiedTime, at(30), "modified")
        },
        StoreCheck("of more revisions than are kept, the oldest go") { store in
            let most = RevisionRetention().count
            for number in 0...Int64(most) {
                _ = try await store.writeNotebook(path("/n"), revision("\(number)", at: at(number)), overwrite: true)
            }
            try checkEqual(try await text(store, "/n", at: at(0)), nil, "the oldest")
            try checkEqual(try await text(store, "/n", at: at(1)), "1", "the next")
            try checkEqual(try await text(store, "/n"), "\(most)", "the newest")
        },
        StoreCheck("a directory that is removed takes what is in it; ids are never given again") { store in
            try await store.makeWorkspaceDirectories(path("/a/b/c"), at: t0)
            let old = try await store.writeNotebook(path("/a/b/n"), revision("x"), overwrite: false)
            try await checkThrows(error: WorkspaceError.directoryNotEmpty(path("/a"))) {
                try await store.removeWorkspaceObject(path("/a"), recursive: false)
            }
            try checkEqual(try await text(store, "/a/b/n"), "x", "after a refusal")
            try await store.removeWorkspaceObject(path("/a/b/c"), recursive: false)
            try await store.removeWorkspaceObject(path("/a"), recursive: true)
            try checkEqual(try await store.workspaceObject(path("/a/b/n")), nil, "the notebook")
            try await checkThrows(error: WorkspaceError.doesNotExist(path("/a"))) {
                try await store.removeWorkspaceObject(path("/a"), recursive: true)
            }
            try await store.makeWorkspaceDirectories(path("/a/b"), at: t0)
            let new = try await store.writeNotebook(path("/a/b/n"), revision("y"), overwrite: false)
            try check(new.id != old.id, "the id \(old.id) was given twice")
            try checkEqual(try await text(store, "/a/b/n"), "y", "the text")
        },
        StoreCheck("of hundreds that write a new notebook at once, and would replace none, one does") { store in
            let outcomes = await atOnce(200) { number in
                _ = try await store.writeNotebook(path("/n"), revision("\(number)"), overwrite: false)
                return "\(number)"
            }
            for case .failure(let error) in outcomes {
                try checkEqual(error as? WorkspaceError, .alreadyExists(path("/n")), "the refusal")
            }
            let written = outcomes.compactMap { try? $0.get() }
            try checkEqual(written.count, 1, "written")
            try checkEqual(try await text(store, "/n"), written[0], "the text")
        },
        StoreCheck("hundreds that write the same notebook at once leave one notebook") { store in
            let objects = try await withThrowingTaskGroup(of: WorkspaceObject.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await store.writeNotebook(path("/n"), revision("\(number)"), overwrite: true)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            try checkEqual(Set(objects.map(\.id)).count, 1, "notebooks")
        },
    ]
}
