// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import GRDB
import JobsDomain
import JobsStore
import Notebooks

extension SQLiteStore: WorkspaceStore {
    public func workspaceObject(_ path: WorkspacePath) async throws -> WorkspaceObject? {
        try await read { db in try WorkspaceTree(db: db).object(path) }
    }

    public func workspaceObjects(in path: WorkspacePath) async throws -> [WorkspaceObject] {
        try await read { db in
            let tree = WorkspaceTree(db: db)
            guard let object = try tree.object(path) else { throw WorkspaceError.doesNotExist(path) }
            return object.kind == .directory ? try tree.children(of: object) : [object]
        }
    }

    public func makeWorkspaceDirectories(_ path: WorkspacePath, at time: Timestamp) async throws {
        try await writer.write { db in
            let tree = WorkspaceTree(db: db)
            var place = WorkspacePath.root
            var parent = try tree.id(of: place)
            for name in path.components {
                place = place.appending(name)
                if let object = try tree.object(place) {
                    guard object.kind == .directory else { throw WorkspaceError.isNotDirectory(place) }
                    parent = object.id
                } else {
                    parent = try tree.insert(name, in: parent, kind: "DIRECTORY", at: time)
                }
            }
        }
    }

    public func writeNotebook(
        _ path: WorkspacePath, _ revision: NewRevision, overwrite: Bool
    ) async throws -> WorkspaceObject {
        try await writer.write { db in
            let tree = WorkspaceTree(db: db)
            let id: Int64
            if let object = try tree.object(path) {
                guard overwrite, object.kind != .directory else { throw WorkspaceError.alreadyExists(path) }
                id = object.id
            } else {
                guard let parent = try tree.object(path.parent) else {
                    throw WorkspaceError.parentDoesNotExist(path.parent)
                }
                guard parent.kind == .directory else { throw WorkspaceError.isNotDirectory(path.parent) }
                id = try tree.insert(path.name, in: parent.id, kind: "NOTEBOOK", at: revision.time)
            }
            try tree.insert(revision, of: id)
            try tree.prune(id, RevisionRetention())
            guard let object = try tree.object(path) else { throw WorkspaceError.doesNotExist(path) }
            return object
        }
    }

    public func removeWorkspaceObject(_ path: WorkspacePath, recursive: Bool) async throws {
        try await writer.write { db in
            let tree = WorkspaceTree(db: db)
            guard !path.isRoot else { throw WorkspaceError.rootIsFixed }
            guard let object = try tree.object(path) else { throw WorkspaceError.doesNotExist(path) }
            if !recursive, try tree.hasChildren(object.id) { throw WorkspaceError.directoryNotEmpty(path) }
            try tree.remove(object.id)
        }
    }

    public func notebookRevision(_ path: WorkspacePath, at time: Timestamp?) async throws -> NotebookRevision? {
        try await read { db in
            let tree = WorkspaceTree(db: db)
            guard let object = try tree.object(path) else { return nil }
            return try tree.revision(of: object.id, at: time)
        }
    }
}
