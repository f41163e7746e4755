// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

/// Commands and queries about the files of DBFS (contract G1).
public struct DBFSService: Sendable {
    let dbfs: DBFS
    /// Bytes of a file that is sent unencoded.
    let maxFileSize: Int

    /// Bytes of a block, of a whole file in JSON, and of an answer of read.
    static let maxBlockSize = 1024 * 1024

    /// - Parameter maxFileSize: bytes of a file that a form or a raw upload sends.
    public init(dbfs: DBFS, maxFileSize: Int = 2 * 1024 * 1024 * 1024) {
        self.dbfs = dbfs
        self.maxFileSize = maxFileSize
    }

    /// `GET dbfs/get-status`.
    public func status(_ decoded: DecodedRequest<DBFSPathRequest>) async throws -> FileInfo {
        try await dbfs.status(of: DBFSPath(decoded.checked().path))
    }

    /// `GET dbfs/list`.
    public func list(_ decoded: DecodedRequest<DBFSPathRequest>) async throws -> [FileInfo] {
        try await dbfs.list(DBFSPath(decoded.checked().path))
    }

    /// `POST dbfs/mkdirs`.
    public func makeDirectories(_ decoded: DecodedRequest<DBFSPathRequest>) async throws {
        try await dbfs.makeDirectories(DBFSPath(decoded.checked().path))
    }

    /// `POST dbfs/move`.
    public func move(_ decoded: DecodedRequest<DBFSMoveRequest>) async throws {
        let request = try decoded.checked()
        try await dbfs.move(DBFSPath(request.sourcePath), to: DBFSPath(request.destinationPath))
    }

    /// `POST dbfs/delete`.
    public func delete(_ decoded: DecodedRequest<DBFSPathRequest>) async throws {
        let request = try decoded.checked()
        try await dbfs.delete(DBFSPath(request.path), recursive: request.recursive)
    }
}
