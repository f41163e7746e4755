// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import JobsAPI
import JobsJSON
import JobsService
import NIOCore

/// `/api/2.0/dbfs/*` and mlflow's `POST /dbfs/<path>` (contract G1).
struct DBFSRoutes: Sendable {
    let dbfs: DBFSService

    var endpoints: [Endpoint] {
        [
            .raw(.post, "/api/2.0/dbfs/put", put), .post("/api/2.0/dbfs/create", create),
            .post("/api/2.0/dbfs/add-block", addBlock), .post("/api/2.0/dbfs/close", close),
            .get("/api/2.0/dbfs/read", read), .get("/api/2.0/dbfs/list", list),
            .get("/api/2.0/dbfs/get-status", status), .post("/api/2.0/dbfs/mkdirs", makeDirectories),
            .post("/api/2.0/dbfs/move", move), .post("/api/2.0/dbfs/delete", delete), .raw(.post, "/dbfs/**", upload),
        ]
    }

    // MARK: Whole files

    /// JSON with the contents in base64, or a form with the file as it is.
    @Sendable func put(_ request: Request, _ context: APIContext) async throws -> Response {
        if let boundary = MultipartForm.boundary(in: request.headers[.contentType]) {
            try await putForm(request, boundary: boundary)
        } else {
            try await dbfs.put(AuthenticatedRequest(request, context: context).decoded())
        }
        return APIResponse().response()
    }

    private func putForm(_ request: Request, boundary: String) async throws {
        try await dbfs.putForm { form in
            var parser = MultipartForm(boundary: boundary)
            for try await chunk in request.body {
                for event in try parser.feed(Array(buffer: chunk)) {
                    switch event {
                    case .field(let name, let value): form.setField(name, value)
                    case .file(let bytes): try await form.appendToFile(bytes)
                    }
                }
            }
            guard parser.isComplete else {
                throw APIError(.malformedRequest, "The form ends before its last boundary.")
            }
        }
    }

    /// The body is the file.
    @Sendable func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        let result = try await dbfs.upload(try Self.path(ofUpload: request)) { file in
            for try await chunk in request.body { try await file.append(Array(buffer: chunk)) }
        }
        switch result {
        case .written: return APIResponse().response()
        case .alreadyExists(let error):
            var response = ErrorMiddleware.response(to: error)
            response.status = .conflict
            return response
        }
    }

    private static func path(ofUpload request: Request) throws -> String {
        guard let path = request.uri.path.dropFirst("/dbfs".count).removingPercentEncoding, path.count > 1 else {
            throw APIError.invalid("Missing the path of the file: POST /dbfs/<path>")
        }
        return path
    }

    // MARK: Files in blocks

    @Sendable func create(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let handle = try await dbfs.create(call.decoded())
        return APIResponse { $0.member("handle", handle) }
    }

    @Sendable func addBlock(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.addBlock(call.decoded())
        return APIResponse()
    }

    @Sendable func close(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.close(call.decoded())
        return APIResponse()
    }

    @Sendable func read(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let bytes = try await dbfs.read(call.decoded())
        return APIResponse { writer in
            writer.member("bytes_read", bytes.count)
            writer.member("data", Data(bytes).base64EncodedString())
        }
    }

    // MARK: The tree

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let files = try await dbfs.list(call.decoded())
        return APIResponse { writer in
            writer.key("files")
            writer.array { writer in for file in files { writer.object(file.write) } }
        }
    }

    @Sendable func status(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let file = try await dbfs.status(call.decoded())
        return APIResponse { file.write(to: &$0) }
    }

    @Sendable func makeDirectories(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.makeDirectories(call.decoded())
        return APIResponse()
    }

    @Sendable func move(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.move(call.decoded())
        return APIResponse()
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.delete(call.decoded())
        return APIResponse()
    }
}
