// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import JobsAPI
import JobsJSON
import JobsService
import JobsStore
import NIOCore

/// `/api/2.0/workspace/*` (contract G2).
struct WorkspaceRoutes: Sendable {
    let workspace: WorkspaceService

    var endpoints: [Endpoint] {
        [
            .raw(.post, "/api/2.0/workspace/import", importNotebook),
            .raw(.get, "/api/2.0/workspace/export", exportNotebook), .get("/api/2.0/workspace/list", list),
            .get("/api/2.0/workspace/get-status", status), .post("/api/2.0/workspace/mkdirs", makeDirectories),
            .post("/api/2.0/workspace/delete", delete),
        ]
    }

    // MARK: Files

    /// JSON with the content in base64, or a form with the file as it is.
    @Sendable func importNotebook(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let principal = context.principal else { throw APIError.missingCredentials }
        if let boundary = MultipartForm.boundary(in: request.headers[.contentType]) {
            let form = try await WorkspaceForm(request, boundary: boundary)
            try await workspace.importNotebook(try form.notebook(), by: principal)
            return APIResponse().response()
        }
        let call = try await AuthenticatedRequest(request, context: context)
        let body = try call.decoded(as: WorkspaceImportRequest.self).checked()
        guard let content = Data(base64Encoded: (body.content ?? "").filter { !$0.isWhitespace }) else {
            throw APIError.invalid("Invalid value for content: it is not base64.")
        }
        let notebook = NotebookImport(
            path: body.path, format: body.format, language: body.language, content: Array(content),
            overwrite: body.overwrite)
        try await workspace.importNotebook(notebook, by: principal)
        return APIResponse().response(unknownFields: call.unknownFields)
    }

    @Sendable func exportNotebook(_ request: Request, _ context: APIContext) async throws -> Response {
        let call = try await AuthenticatedRequest(request, context: context)
        let notebook = try await workspace.exportNotebook(call.decoded())
        guard notebook.isDirectDownload else {
            return APIResponse { writer in
                writer.member("content", Data(notebook.content).base64EncodedString())
                writer.member("file_type", notebook.fileType)
            }.response()
        }
        var headers: HTTPFields = [.contentType: "application/octet-stream"]
        // RFC 6266: any name, as percent-encoded UTF-8. Always an attachment: a notebook holds untrusted HTML.
        let name = notebook.fileName.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "notebook"
        headers[.contentDisposition] = "attachment; filename*=UTF-8''\(name)"
        headers[.xContentTypeOptions] = "nosniff"
        return Response(
            status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: notebook.content)))
    }

    // MARK: The tree

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let objects = try await workspace.list(call.decoded())
        return APIResponse { writer in
            writer.key("objects")
            writer.array { writer in for object in objects { writer.object(object.write) } }
        }
    }

    @Sendable func status(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let object = try await workspace.status(call.decoded())
        return APIResponse { object.write(to: &$0) }
    }

    @Sendable func makeDirectories(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await workspace.makeDirectories(call.decoded())
        return APIResponse()
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await workspace.delete(call.decoded())
        return APIResponse()
    }
}

/// The parts of a form that imports.
private struct WorkspaceForm {
    private static let names = ["path", "format", "language", "overwrite", "content"]

    private var fields: [String: String] = [:]
    private var file: [UInt8]?

    init(_ request: Request, boundary: String) async throws {
        var form = MultipartForm(boundary: boundary)
        for try await chunk in request.body {
            for event in try form.feed(Array(buffer: chunk)) {
                switch event {
                // Other fields are dropped: their number is not limited.
                case .field(let name, let value): if Self.names.contains(name) { fields[name] = value }
                case .file(let bytes):
                    if file == nil { file = [] }
                    file?.append(contentsOf: bytes)
                    if file?.count ?? 0 > WorkspaceService.maxSize { throw WorkspaceService.tooLarge }
                }
            }
        }
        guard form.isComplete else { throw APIError(.malformedRequest, "The form ends before its last boundary.") }
    }

    func notebook() throws -> NotebookImport {
        guard let path = fields["path"], !path.isEmpty else { throw APIError.invalid("Missing required field: path") }
        guard let content = file ?? fields["content"].map({ Array($0.utf8) }) else {
            throw APIError.invalid("Missing required field: content")
        }
        func given(_ name: String) -> String? { fields[name].flatMap { $0.isEmpty ? nil : $0 } }
        let overwrite = given("overwrite")?.lowercased() ?? "false"
        guard ["true", "false"].contains(overwrite) else {
            throw APIError.invalid("Invalid value for overwrite: \(overwrite.prefix(80)). Allowed: true or false.")
        }
        return NotebookImport(
            path: path, format: given("format") ?? "SOURCE", language: given("language"), content: content,
            overwrite: overwrite == "true")
    }
}
