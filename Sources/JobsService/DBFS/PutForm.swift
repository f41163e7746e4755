// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

extension DBFSService {
    /// `POST dbfs/put` with a form: the file unencoded, or a field `contents` in base64.
    /// - Parameter receive: gives the parts of the form as they come. When it throws, nothing is left of the file.
    public func putForm(_ receive: (inout DBFSForm) async throws -> Void) async throws {
        var form = DBFSForm(file: StreamedFile(dbfs: dbfs, maxSize: maxFileSize))
        do {
            try await receive(&form)
            try await form.finish(in: dbfs)
        } catch {
            await form.file.abort()
            throw error
        }
    }
}

/// The parts of a form that puts a file. The file may come before the field that names it.
public struct DBFSForm: Sendable {
    private static let names: Set<String> = ["path", "overwrite", "contents"]

    var file: StreamedFile
    private var fields: [String: String] = [:]

    init(file: StreamedFile) { self.file = file }

    public mutating func setField(_ name: String, _ value: String) {
        // Other fields are dropped: their number is not limited.
        if Self.names.contains(name) { fields[name] = value }
    }

    /// - Throws: `APIError` when the file becomes too large.
    public mutating func appendToFile(_ bytes: [UInt8]) async throws { try await file.append(bytes) }

    fileprivate func finish(in dbfs: DBFS) async throws {
        guard let path = fields["path"] else { throw APIError.invalid("Missing required field: path") }
        let overwrite = fields["overwrite"].map { $0.lowercased() == "true" } ?? false
        let target = try DBFSPath(path)
        if file.hasBegun {
            try await file.close(as: target, overwrite: overwrite)
        } else {
            let bytes = try DBFSService.bytes(fields["contents"] ?? "", member: "contents")
            try await dbfs.put(target, bytes, overwrite: overwrite)
        }
    }
}
