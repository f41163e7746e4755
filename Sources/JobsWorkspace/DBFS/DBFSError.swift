// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Why DBFS refused an operation; nothing was changed.
public enum DBFSError: Error, Equatable, Sendable {
    case invalidPath(String, reason: String)
    case doesNotExist(DBFSPath)
    case alreadyExists(DBFSPath)
    case isDirectory(DBFSPath)
    case isNotDirectory(DBFSPath)
    case directoryNotEmpty(DBFSPath)
    case rootIsFixed
    case moveIntoItself(DBFSPath)
    case unknownHandle(Int64)
    /// What the operating system said, for example that the disk is full.
    case failed(String, DBFSPath)
}
