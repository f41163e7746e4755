// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore
import Notebooks

/// Commands and queries about the workspace (contract G2).
public struct WorkspaceService: Sendable {
    let store: any WorkspaceStore
    let clock: any WallClock

    /// Of a notebook's file.
    public static let maxSize = 10 * 1024 * 1024

    public init(store: any WorkspaceStore, clock: any WallClock) {
        self.store = store
        self.clock = clock
    }

    /// `GET workspace/get-status`.
    public func status(_ decoded: DecodedRequest<WorkspacePathRequest>) async throws -> WorkspaceObject {
        let path = try Self.path(decoded.checked().path)
        guard let object = try await store.workspaceObject(path) else {
            throw WorkspaceError.doesNotExist(path)
        }
        return object
    }

    /// `GET workspace/list`.
    public func list(_ decoded: DecodedRequest<WorkspacePathRequest>) async throws -> [WorkspaceObject] {
        let path = try Self.path(decoded.checked().path)
        return try await store.workspaceObjects(in: path)
    }

    /// `POST workspace/mkdirs`.
    public func makeDirectories(_ decoded: DecodedRequest<WorkspacePathRequest>) async throws {
        let path = try Self.path(decoded.checked().path)
        try await store.makeWorkspaceDirectories(path, at: clock.now)
    }

    /// They are there from the start.
    private static let fixedFolders = [["Users"], ["Shared"]]

    /// `POST workspace/delete`.
    public func delete(_ decoded: DecodedRequest<WorkspacePathRequest>) async throws {
        let request = try decoded.checked()
        let path = try Self.path(request.path)
        guard !Self.fixedFolders.contains(path.components) else {
            throw APIError.invalid("The folder \(path) cannot be deleted.")
        }
        try await store.removeWorkspaceObject(path, recursive: request.recursive)
    }

    static func path(_ text: String) throws -> WorkspacePath {
        do {
            return try WorkspacePath(text)
        } catch {
            throw APIError.invalid("Invalid value for path: \(text.prefix(200)). Not allowed: \(error).")
        }
    }
}

extension WorkspaceService: NotebookLibrary {
    public func notebook(_ path: String, at time: Timestamp?) async throws -> StoredNotebook? {
        guard let path = try? WorkspacePath(path), let revision = try await store.notebookRevision(path, at: time)
        else { return nil }
        let file = try NotebookFile(revision.format, revision.content, language: revision.language)
        return StoredNotebook(
            path: path.description, objectID: revision.objectID, language: file.notebook.language,
            commands: file.notebook.commands, dashboards: file.notebook.dashboards, revisionTime: revision.time,
            jupyterFile: file.format == .jupyter ? file.bytes : nil)
    }
}

extension WorkspaceObject {
    /// The members of "ObjectInfo".
    public func write(to writer: inout JSONWriter) {
        switch kind {
        case .directory: writer.member("object_type", "DIRECTORY")
        case .notebook(let language):
            writer.member("object_type", "NOTEBOOK")
            writer.member("language", language.rawValue)
        }
        writer.member("path", path.description)
        writer.member("object_id", id)
        writer.member("created_at", createdTime.milliseconds)
        writer.member("modified_at", modifiedTime.milliseconds)
    }
}
