// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore
import Notebooks

/// A file and where it is to be, from JSON or a form.
public struct NotebookImport: Sendable {
    public var path: String
    /// SOURCE, JUPYTER, HTML or AUTO.
    public var format: String
    public var language: String?
    public var content: [UInt8]
    public var overwrite: Bool

    public init(path: String, format: String, language: String?, content: [UInt8], overwrite: Bool) {
        self.path = path
        self.format = format
        self.language = language
        self.content = content
        self.overwrite = overwrite
    }
}

extension WorkspaceService {
    /// `POST workspace/import`: a new notebook, or another revision of one.
    public func importNotebook(_ request: NotebookImport, by principal: Principal) async throws {
        guard request.content.count <= Self.maxSize else { throw Self.tooLarge }
        let path = try Self.path(request.path)
        guard !path.isRoot else { throw WorkspaceError.alreadyExists(path) }
        let plan = try ImportPlan(request, path)
        let file: NotebookFile
        do {
            file = try NotebookFile(plan.format, request.content, language: plan.language)
        } catch {
            throw APIError.invalid(
                "Invalid value for content: it cannot be read in the format \(plan.format.rawValue): \(error).")
        }
        try await makeHome(of: principal, for: plan.path)
        let revision = NewRevision(
            format: plan.format, language: file.notebook.language, content: request.content,
            userName: principal.userName, time: clock.now)
        _ = try await store.writeNotebook(plan.path, revision, overwrite: request.overwrite)
    }

    public static let tooLarge = APIError(
        .maxNotebookSizeExceeded, "The notebook is larger than the limit of \(maxSize) bytes.")

    /// A user's home directory is created when it is first needed.
    private func makeHome(of principal: Principal, for path: WorkspacePath) async throws {
        guard let home = try? WorkspacePath("/Users/" + principal.userName), home.components.count == 2,
            path.isWithin(home), try await store.workspaceObject(home) == nil
        else { return }
        try await store.makeWorkspaceDirectories(home, at: clock.now)
    }
}

/// How an import is to be understood.
struct ImportPlan {
    var path: WorkspacePath
    var format: NotebookFormat
    var language: NotebookLanguage?

    /// - Throws: `APIError`.
    init(_ request: NotebookImport, _ path: WorkspacePath) throws {
        let language = try request.language.map { text in
            guard let language = NotebookLanguage(rawValue: text) else {
                throw APIError.invalid(
                    "Invalid value for language: \(text.prefix(80)). Allowed: PYTHON, SQL, SCALA or R.")
            }
            return language
        }
        if request.format == "AUTO" {
            self = try Self.guess(request.content, path, language)
            return
        }
        guard let format = NotebookFormat(rawValue: request.format) else {
            throw APIError.invalid(
                "Invalid value for format: \(request.format.prefix(80)). Allowed: SOURCE, JUPYTER, HTML or AUTO.")
        }
        guard format != .source || language != nil else {
            throw APIError.invalid("Missing required field: language, which a file of the format SOURCE needs.")
        }
        self.init(path: path, format: format, language: language)
    }

    /// By the path's file extension, which is not part of the notebook's name.
    private static func guess(
        _ content: [UInt8], _ path: WorkspacePath, _ language: NotebookLanguage?
    ) throws -> ImportPlan {
        guard let dot = path.name.lastIndex(of: "."), dot != path.name.startIndex else { throw noGuess(path) }
        let ending = path.name[path.name.index(after: dot)...].lowercased()
        let bare = path.parent.appending(String(path.name[..<dot]))
        switch ending {
        case "ipynb": return ImportPlan(path: bare, format: .jupyter, language: language)
        case "html": return ImportPlan(path: bare, format: .html, language: language)
        default:
            guard let language = NotebookLanguage(fileExtension: ending),
                NotebookSource.isNotebook(content, language)
            else { throw noGuess(path) }
            return ImportPlan(path: bare, format: .source, language: language)
        }
    }

    private init(path: WorkspacePath, format: NotebookFormat, language: NotebookLanguage?) {
        self.path = path
        self.format = format
        self.language = language
    }

    private static func noGuess(_ path: WorkspacePath) -> APIError {
        .invalid(
            "\(path) is not a notebook by its ending (.ipynb, .html, or .py, .sql, .scala, .r and a first line "
                + "\"Databricks notebook source\"). Other files cannot be imported; with a format and language they "
                + "become notebooks.")
    }
}
