// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// An endpoint that takes a `path` and perhaps `recursive`: get-status, list, mkdirs, delete.
public struct WorkspacePathRequest: APIRequest {
    public let path: String
    public let recursive: Bool

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        recursive = reader.bool("recursive") ?? false
    }
}

/// `POST workspace/import`.
public struct WorkspaceImportRequest: APIRequest {
    public let path: String
    public let format: String
    public let language: String?
    /// Base64.
    public let content: String?
    public let overwrite: Bool

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        format = reader.string("format") ?? "SOURCE"
        language = reader.string("language")
        content = reader.string("content")
        if !reader.has("content") { reader.missing("content") }
        overwrite = reader.bool("overwrite") ?? false
    }
}

/// `GET workspace/export`.
public struct WorkspaceExportRequest: APIRequest {
    public let path: String
    public let format: String
    public let directDownload: Bool
    /// An extension: the revision that was current at that time.
    public let revisionTimestamp: Int64?

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        format = reader.string("format") ?? "SOURCE"
        directDownload = reader.bool("direct_download") ?? false
        revisionTimestamp = reader.int64("revision_timestamp")
    }
}
