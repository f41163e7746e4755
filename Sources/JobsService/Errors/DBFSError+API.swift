// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsWorkspace

extension DBFSError: APIErrorConvertible {
    public var apiError: APIError {
        switch self {
        case .invalidPath(let path, let reason):
            .invalid("Invalid value for path: \(path.prefix(200)): \(reason).")
        case .doesNotExist(let path):
            APIError(.resourceDoesNotExist, "No file or directory exists on path \(path).")
        case .alreadyExists(let path):
            APIError(.resourceAlreadyExists, "A file or directory already exists at the input path \(path).")
        case .isDirectory(let path): .invalid("\(path) is a directory, not a file.")
        case .isNotDirectory(let path): .invalid("\(path) is a file, not a directory.")
        case .directoryNotEmpty(let path):
            APIError(.ioError, "The directory \(path) is not empty. Set recursive to delete it with its contents.")
        case .rootIsFixed: .invalid("The root directory / can be neither moved nor deleted.")
        case .moveIntoItself(let path): .invalid("A directory cannot be moved into itself: \(path).")
        case .unknownHandle(let handle):
            APIError(.resourceDoesNotExist, "No open upload has the handle \(handle).")
        case .failed(let reason, let path):
            // What fails below DBFS, such as an upload, has no path there.
            APIError(
                .temporarilyUnavailable,
                "\(path.components.isEmpty ? "The files of DBFS" : "\(path)") could not be read or written: \(reason).",
                retryAfter: 30)
        }
    }
}
