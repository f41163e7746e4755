// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsWorkspace

/// How a raw upload ended, when it did not fail.
public enum UploadResult: Equatable, Sendable {
    case written
    /// The path exists already and was not changed.
    case alreadyExists(APIError)
}

extension DBFSService {
    /// mlflow's `POST /dbfs/<path>`: the body is the file, which must be a new one.
    /// - Parameter receive: gives the body to the file as it comes; it is not called when the file exists. When it
    ///   throws, nothing is left of the file.
    public func upload(
        _ path: String, _ receive: (inout StreamedFile) async throws -> Void
    ) async throws -> UploadResult {
        let target = try DBFSPath(path)
        if (try? await dbfs.status(of: target)) != nil { return Self.fileAlreadyExists }
        var file = StreamedFile(dbfs: dbfs, maxSize: maxFileSize)
        do {
            // An empty body is a file too.
            try await file.begin()
            try await receive(&file)
            try await file.close(as: target, overwrite: false)
            return .written
        } catch DBFSError.alreadyExists {
            // Another request has written it while this body was received.
            await file.abort()
            return Self.fileAlreadyExists
        } catch {
            await file.abort()
            throw error
        }
    }

    /// mlflow looks for both "Error 409" and "File already exists", and sees only the message of a JSON body.
    private static let fileAlreadyExists = UploadResult.alreadyExists(
        APIError(.resourceAlreadyExists, "Error 409. File already exists"))
}
