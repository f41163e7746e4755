// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsStore

extension WorkspaceError: APIErrorConvertible {
    public var apiError: APIError {
        switch self {
        case .doesNotExist(let path): APIError(.resourceDoesNotExist, "Path (\(path)) doesn't exist.")
        case .parentDoesNotExist(let path):
            APIError(.resourceDoesNotExist, "The parent folder (\(path)) does not exist.")
        case .alreadyExists(let path): APIError(.resourceAlreadyExists, "Path (\(path)) already exists.")
        case .isNotDirectory(let path):
            APIError(.resourceAlreadyExists, "Path (\(path)) already exists, and is not a folder.")
        case .directoryNotEmpty(let path):
            APIError(
                .directoryNotEmpty, "Folder (\(path)) is not empty. Set recursive to delete it with its contents.")
        case .rootIsFixed: .invalid("The root folder / cannot be deleted.")
        }
    }
}
