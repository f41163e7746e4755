// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Notebooks

/// The tree of directories and notebooks, durable. Every operation is one transaction; one that throws changes nothing.
public protocol WorkspaceStore: Sendable {
    /// nil when nothing is there. The root is always there.
    func workspaceObject(_ path: WorkspacePath) async throws -> WorkspaceObject?

    /// What is in a directory, by name; a notebook is its own list.
    /// - Throws: `WorkspaceError.doesNotExist`.
    func workspaceObjects(in path: WorkspacePath) async throws -> [WorkspaceObject]

    /// Makes the directory and those above it, as far as they are not there.
    /// - Throws: `WorkspaceError.isNotDirectory` when a notebook is on the way, or there.
    func makeWorkspaceDirectories(_ path: WorkspacePath, at time: Timestamp) async throws

    /// Writes a revision, of a new notebook or of the one that is there. The time of a revision is never before that of
    /// the revision before it, however the clock is set; revisions too old for `RevisionRetention` go.
    /// - Throws: `WorkspaceError.parentDoesNotExist`, `.alreadyExists` without `overwrite` or when a directory is there.
    func writeNotebook(_ path: WorkspacePath, _ revision: NewRevision, overwrite: Bool) async throws -> WorkspaceObject

    /// - Throws: `WorkspaceError.doesNotExist`, `.directoryNotEmpty` unless `recursive`, `.rootIsFixed`.
    func removeWorkspaceObject(_ path: WorkspacePath, recursive: Bool) async throws

    /// The newest revision that was written at `time` or before; nil: the newest of all.
    /// - Returns: nil when no notebook is there, or none of its revisions is so old.
    func notebookRevision(_ path: WorkspacePath, at time: Timestamp?) async throws -> NotebookRevision?
}

/// A directory or notebook.
public struct WorkspaceObject: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        case directory
        case notebook(NotebookLanguage)
    }

    /// Never reused.
    public let id: Int64
    public let path: WorkspacePath
    /// Of a notebook with the language of its newest revision.
    public let kind: Kind
    public let createdTime: Timestamp
    /// When the newest revision was written; of a directory when it was made.
    public let modifiedTime: Timestamp

    public init(id: Int64, path: WorkspacePath, kind: Kind, createdTime: Timestamp, modifiedTime: Timestamp) {
        self.id = id
        self.path = path
        self.kind = kind
        self.createdTime = createdTime
        self.modifiedTime = modifiedTime
    }
}

/// A notebook's file, to be stored.
public struct NewRevision: Sendable {
    public let format: NotebookFormat
    public let language: NotebookLanguage
    public let content: [UInt8]
    public let userName: String
    public let time: Timestamp

    public init(
        format: NotebookFormat, language: NotebookLanguage, content: [UInt8], userName: String, time: Timestamp
    ) {
        self.format = format
        self.language = language
        self.content = content
        self.userName = userName
        self.time = time
    }
}

/// A notebook's file as it was stored.
public struct NotebookRevision: Equatable, Sendable {
    public let objectID: Int64
    public let format: NotebookFormat
    public let language: NotebookLanguage
    public let content: [UInt8]
    public let userName: String
    public let time: Timestamp

    public init(
        objectID: Int64, format: NotebookFormat, language: NotebookLanguage, content: [UInt8], userName: String,
        time: Timestamp
    ) {
        self.objectID = objectID
        self.format = format
        self.language = language
        self.content = content
        self.userName = userName
        self.time = time
    }
}

/// Why the workspace refused an operation.
public enum WorkspaceError: Error, Equatable, Sendable {
    case doesNotExist(WorkspacePath)
    case parentDoesNotExist(WorkspacePath)
    case alreadyExists(WorkspacePath)
    /// A notebook is where a directory would have to be.
    case isNotDirectory(WorkspacePath)
    case directoryNotEmpty(WorkspacePath)
    case rootIsFixed
}
