// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import Hummingbird
import JobsAPI
import JobsJSON
import JobsWorkspace
import NIOCore

/// `/api/2.0/dbfs/*` and mlflow's `POST /dbfs/<path>` (contract G1).
struct DBFSRoutes: Sendable {
    let dbfs: DBFS

    /// Of a block, a whole JSON file, and an answer of read.
    private static let blockBytes = 1024 * 1024
    /// What read answers unless asked for another length.
    private static let defaultReadBytes: Int64 = 512 * 1024
    /// Of a file that is sent as it is.
    private static let fileBytes = 2 * 1024 * 1024 * 1024

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
            return try await putForm(request, boundary: boundary)
        }
        let call = try await AuthenticatedRequest(request, context: context)
        let request = try call.decoded(as: DBFSPutRequest.self).checked()
        let bytes = try Self.bytes(request.contents, member: "contents")
        try await dbfs.put(try DBFSPath(request.path), bytes, overwrite: request.overwrite)
        return APIResponse().response()
    }

    private func putForm(_ request: Request, boundary: String) async throws -> Response {
        var form = MultipartForm(boundary: boundary)
        var fields: [String: String] = [:]
        var handle: Int64?
        var size = 0
        do {
            for try await chunk in request.body {
                for event in try form.feed(Array(buffer: chunk)) {
                    switch event {
                    case .field(let name, let value):
                        // Others are not kept: there may be any number of them.
                        if ["path", "overwrite", "contents"].contains(name) { fields[name] = value }
                    case .file(let bytes):
                        size += bytes.count
                        guard size <= Self.fileBytes else { throw APIError.requestTooLarge(limit: Self.fileBytes) }
                        // The file may come before the field that names it.
                        let upload = if let handle { handle } else { try await dbfs.createUnnamed() }
                        handle = upload
                        try await dbfs.append(upload, bytes)
                    }
                }
            }
            guard form.isComplete else { throw APIError(.malformedRequest, "The form ends before its last boundary.") }
            guard let path = fields["path"] else { throw APIError.invalid("Missing required field: path") }
            let overwrite = fields["overwrite"].map { $0.lowercased() == "true" } ?? false
            let target = try DBFSPath(path)
            if let handle {
                try await dbfs.close(handle, as: target, overwrite: overwrite)
            } else {
                let bytes = try Self.bytes(fields["contents"] ?? "", member: "contents")
                try await dbfs.put(target, bytes, overwrite: overwrite)
            }
            return APIResponse().response()
        } catch {
            if let handle { await dbfs.abort(handle) }
            throw error
        }
    }

    /// The body is the file. An existing file is refused with the status and text that mlflow looks for.
    @Sendable func upload(_ request: Request, _ context: APIContext) async throws -> Response {
        let path = try Self.path(ofUpload: request)
        let target = try DBFSPath(path)
        if (try? await dbfs.status(of: target)) != nil { return Self.fileAlreadyExists }
        let handle = try await dbfs.createUnnamed()
        do {
            var size = 0
            for try await chunk in request.body {
                size += chunk.readableBytes
                guard size <= Self.fileBytes else { throw APIError.requestTooLarge(limit: Self.fileBytes) }
                try await dbfs.append(handle, Array(buffer: chunk))
            }
            try await dbfs.close(handle, as: target, overwrite: false)
        } catch DBFSError.alreadyExists {
            await dbfs.abort(handle)
            return Self.fileAlreadyExists
        } catch {
            await dbfs.abort(handle)
            throw error
        }
        return APIResponse().response()
    }

    private static func path(ofUpload request: Request) throws -> String {
        guard let path = request.uri.path.dropFirst("/dbfs".count).removingPercentEncoding, path.count > 1 else {
            throw APIError.invalid("Missing the path of the file: POST /dbfs/<path>")
        }
        return path
    }

    /// mlflow looks for both "Error 409" and "File already exists", and of a JSON body it sees only the message.
    private static var fileAlreadyExists: Response {
        let error = APIError(.resourceAlreadyExists, "Error 409. File already exists")
        var response = ErrorMiddleware.response(to: error)
        response.status = .conflict
        return response
    }

    // MARK: Files in blocks

    @Sendable func create(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = try call.decoded(as: DBFSCreateRequest.self).checked()
        let handle = try await dbfs.create(try DBFSPath(request.path), overwrite: request.overwrite)
        return APIResponse { $0.member("handle", handle) }
    }

    @Sendable func addBlock(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = try call.decoded(as: DBFSHandleRequest.self).checked()
        try await dbfs.addBlock(request.handle, try Self.bytes(request.data, member: "data"))
        return APIResponse()
    }

    @Sendable func close(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.close(try call.decoded(as: DBFSHandleRequest.self).checked().handle)
        return APIResponse()
    }

    @Sendable func read(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = try call.decoded(as: DBFSReadRequest.self).checked()
        let length = request.length ?? Self.defaultReadBytes
        guard request.offset >= 0 else {
            throw APIError.invalid("Invalid value for offset: \(request.offset). Allowed: 0 or more.")
        }
        guard length >= 0 else {
            throw APIError.invalid("Invalid value for length: \(length). Allowed: 0 or more.")
        }
        guard length <= Int64(Self.blockBytes) else {
            throw APIError(
                .maxReadSizeExceeded,
                "Invalid value for length: \(length). Allowed: at most \(Self.blockBytes) bytes.")
        }
        let bytes = try await dbfs.read(try DBFSPath(request.path), offset: request.offset, length: Int(length))
        return APIResponse { writer in
            writer.member("bytes_read", bytes.count)
            writer.member("data", Data(bytes).base64EncodedString())
        }
    }

    // MARK: The tree

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let files = try await dbfs.list(try DBFSPath(try call.decoded(as: DBFSPathRequest.self).checked().path))
        return APIResponse { writer in
            writer.key("files")
            writer.array { writer in for file in files { writer.object(file.write) } }
        }
    }

    @Sendable func status(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let file = try await dbfs.status(
            of: try DBFSPath(try call.decoded(as: DBFSPathRequest.self).checked().path))
        return APIResponse { file.write(to: &$0) }
    }

    @Sendable func makeDirectories(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await dbfs.makeDirectories(try DBFSPath(try call.decoded(as: DBFSPathRequest.self).checked().path))
        return APIResponse()
    }

    @Sendable func move(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = try call.decoded(as: DBFSMoveRequest.self).checked()
        try await dbfs.move(try DBFSPath(request.sourcePath), to: try DBFSPath(request.destinationPath))
        return APIResponse()
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = try call.decoded(as: DBFSPathRequest.self).checked()
        try await dbfs.delete(try DBFSPath(request.path), recursive: request.recursive)
        return APIResponse()
    }

    private static func bytes(_ base64: String, member: String) throws -> [UInt8] {
        guard let data = Data(base64Encoded: base64.filter { !$0.isWhitespace }) else {
            throw APIError.invalid("Invalid value for \(member): it is not base64.")
        }
        guard data.count <= blockBytes else {
            throw APIError(
                .maxBlockSizeExceeded,
                "The '\(member)' data cannot exceed \(blockBytes) bytes. Found: \(data.count) bytes. You might want to "
                    + "use streaming upload instead.")
        }
        return Array(data)
    }
}

extension FileInfo {
    /// The members of "FileInfo".
    func write(to writer: inout JSONWriter) {
        writer.member("path", path.description)
        writer.member("is_dir", isDirectory)
        writer.member("file_size", fileSize)
        writer.member("modification_time", modificationTime)
    }
}
