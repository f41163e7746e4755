// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore
import Notebooks

/// A notebook as a file.
public struct ExportedNotebook: Sendable {
    public let content: [UInt8]
    /// The last component of its path, with the format's file extension.
    public let fileName: String
    /// The file extension: `py`, `ipynb` ...
    public let fileType: String
    public let isDirectDownload: Bool
}

extension WorkspaceService {
    /// `GET workspace/export`.
    public func exportNotebook(_ decoded: DecodedRequest<WorkspaceExportRequest>) async throws -> ExportedNotebook {
        let request = try decoded.checked()
        let path = try Self.path(request.path)
        guard let format = NotebookFormat(rawValue: request.format) else {
            throw APIError.invalid(
                "Invalid value for format: \(request.format.prefix(80)). Allowed: SOURCE, JUPYTER or HTML.")
        }
        let revision = try await revision(path, at: request.revisionTimestamp.map(Timestamp.init(milliseconds:)))
        let file = try NotebookFile(revision.format, revision.content, language: revision.language)
        let type =
            switch format {
            case .source: file.notebook.language.fileExtension
            case .jupyter: "ipynb"
            case .html: "html"
            }
        return ExportedNotebook(
            content: try file.exported(as: format, name: path.name, objectID: revision.objectID),
            fileName: "\(path.name).\(type)", fileType: type, isDirectDownload: request.directDownload)
    }

    private func revision(_ path: WorkspacePath, at time: Timestamp?) async throws -> NotebookRevision {
        if let revision = try await store.notebookRevision(path, at: time) { return revision }
        switch try await store.workspaceObject(path)?.kind {
        case nil: throw WorkspaceError.doesNotExist(path)
        case .directory:
            throw APIError.invalid("Path (\(path)) is a folder; only notebooks can be exported, one at a time.")
        case .notebook:
            throw APIError(
                .resourceDoesNotExist, "Path (\(path)) has no revision that was in force at revision_timestamp.")
        }
    }
}
