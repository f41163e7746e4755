// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

/// A file in blocks, one request for each.
extension DBFSService {
    /// `POST dbfs/create`.
    /// - Returns: the handle of the upload.
    public func create(_ decoded: DecodedRequest<DBFSCreateRequest>) async throws -> Int64 {
        let request = try decoded.checked()
        return try await dbfs.create(DBFSPath(request.path), overwrite: request.overwrite)
    }

    /// `POST dbfs/add-block`.
    public func addBlock(_ decoded: DecodedRequest<DBFSHandleRequest>) async throws {
        let request = try decoded.checked()
        try await dbfs.addBlock(request.handle, Self.bytes(request.data, member: "data"))
    }

    /// `POST dbfs/close`.
    public func close(_ decoded: DecodedRequest<DBFSHandleRequest>) async throws {
        try await dbfs.close(decoded.checked().handle)
    }
}
