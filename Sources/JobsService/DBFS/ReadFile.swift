// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

extension DBFSService {
    /// What read answers unless asked for another length.
    private static let defaultReadLength: Int64 = 512 * 1024

    /// `GET dbfs/read`: the bytes from `offset` on, none at or behind the end of the file.
    public func read(_ decoded: DecodedRequest<DBFSReadRequest>) async throws -> [UInt8] {
        let request = try decoded.checked()
        let length = request.length ?? Self.defaultReadLength
        guard request.offset >= 0 else {
            throw APIError.invalid("Invalid value for offset: \(request.offset). Allowed: 0 or more.")
        }
        guard length >= 0 else {
            throw APIError.invalid("Invalid value for length: \(length). Allowed: 0 or more.")
        }
        guard length <= Int64(Self.maxBlockSize) else {
            throw APIError(
                .maxReadSizeExceeded,
                "Invalid value for length: \(length). Allowed: at most \(Self.maxBlockSize) bytes.")
        }
        return try await dbfs.read(DBFSPath(request.path), offset: request.offset, length: Int(length))
    }
}
