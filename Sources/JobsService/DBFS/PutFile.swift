// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsAPI
import JobsWorkspace

extension DBFSService {
    /// `POST dbfs/put` with the contents in the JSON body.
    public func put(_ decoded: DecodedRequest<DBFSPutRequest>) async throws {
        let request = try decoded.checked()
        let bytes = try Self.bytes(request.contents, member: "contents")
        try await dbfs.put(DBFSPath(request.path), bytes, overwrite: request.overwrite)
    }

    /// What a member of a request holds in base64: a block, or a whole file that is no larger.
    static func bytes(_ base64: String, member: String) throws -> [UInt8] {
        guard let data = Data(base64Encoded: base64.filter { !$0.isWhitespace }) else {
            throw APIError.invalid("Invalid value for \(member): it is not base64.")
        }
        guard data.count <= maxBlockSize else {
            throw APIError(
                .maxBlockSizeExceeded,
                "The '\(member)' data cannot exceed \(maxBlockSize) bytes. Found: \(data.count) bytes. You might want "
                    + "to use streaming upload instead.")
        }
        return Array(data)
    }
}
