// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// "FileInfo" of the DBFS API.
public struct FileInfo: Equatable, Sendable {
    public let path: DBFSPath
    public let isDirectory: Bool
    /// Bytes; 0 for directories.
    public let fileSize: Int64
    /// Epoch milliseconds.
    public let modificationTime: Int64
}
