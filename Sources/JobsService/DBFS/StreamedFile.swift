// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

/// A file that comes in pieces within one request. It appears in DBFS whole, or not at all. The service that hands one out
/// closes or aborts it.
public struct StreamedFile: Sendable {
    private let dbfs: DBFS
    private let maxSize: Int
    private var size = 0
    private var handle: Int64?

    init(dbfs: DBFS, maxSize: Int) {
        self.dbfs = dbfs
        self.maxSize = maxSize
    }

    /// Whether there is a file, even an empty one.
    var hasBegun: Bool { handle != nil }

    /// - Throws: `APIError` when the file becomes too large.
    public mutating func append(_ bytes: [UInt8]) async throws {
        size += bytes.count
        guard size <= maxSize else { throw APIError.requestTooLarge(limit: maxSize) }
        try await dbfs.append(try await begin(), bytes)
    }

    @discardableResult
    mutating func begin() async throws -> Int64 {
        if let handle { return handle }
        let begun = try await dbfs.createUnnamed()
        handle = begun
        return begun
    }

    func close(as path: DBFSPath, overwrite: Bool) async throws {
        guard let handle else { return }
        try await dbfs.close(handle, as: path, overwrite: overwrite)
    }

    func abort() async {
        if let handle { await dbfs.abort(handle) }
    }
}
