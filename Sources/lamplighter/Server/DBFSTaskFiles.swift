// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsWorkspace

/// DBFS as tasks need it.
struct DBFSTaskFiles: WorkspaceFiles {
    let dbfs: DBFS

    func copy(_ uri: String, to localPath: String) async throws {
        do {
            try await dbfs.copy(try DBFSPath(uri), toLocal: localPath)
        } catch DBFSError.doesNotExist {
            throw TaskFailure("\(uri) does not exist")
        } catch DBFSError.isDirectory {
            throw TaskFailure("\(uri) is a directory, not a file")
        } catch DBFSError.invalidPath(_, let reason) {
            throw TaskFailure("\(uri) is not a path in DBFS: \(reason)")
        } catch let error as DBFSError {
            throw TaskFailure("\(uri) could not be read: \(error)")
        }
    }
}
