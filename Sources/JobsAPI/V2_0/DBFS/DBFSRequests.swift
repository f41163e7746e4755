// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// An endpoint that takes a `path` and perhaps `recursive`: get-status, list, mkdirs, delete.
public struct DBFSPathRequest: APIRequest {
    public let path: String
    public let recursive: Bool

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        recursive = reader.bool("recursive") ?? false
    }
}

/// `POST dbfs/put`.
public struct DBFSPutRequest: APIRequest {
    public let path: String
    /// Base64.
    public let contents: String
    public let overwrite: Bool

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        contents = reader.string("contents") ?? ""
        overwrite = reader.bool("overwrite") ?? false
    }
}

/// `POST dbfs/create`.
public struct DBFSCreateRequest: APIRequest {
    public let path: String
    public let overwrite: Bool

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        overwrite = reader.bool("overwrite") ?? false
    }
}

/// `POST dbfs/add-block` and, without data, `POST dbfs/close`.
public struct DBFSHandleRequest: APIRequest {
    public let handle: Int64
    /// Base64.
    public let data: String

    public init(reading reader: ObjectReader) {
        handle = reader.requiredInt64("handle")
        data = reader.string("data") ?? ""
    }
}

/// `GET dbfs/read`.
public struct DBFSReadRequest: APIRequest {
    public let path: String
    public let offset: Int64
    public let length: Int64?

    public init(reading reader: ObjectReader) {
        path = reader.requiredString("path")
        offset = reader.int64("offset") ?? 0
        length = reader.int64("length")
    }
}

/// `POST dbfs/move`.
public struct DBFSMoveRequest: APIRequest {
    public let sourcePath: String
    public let destinationPath: String

    public init(reading reader: ObjectReader) {
        sourcePath = reader.requiredString("source_path")
        destinationPath = reader.requiredString("destination_path")
    }
}
