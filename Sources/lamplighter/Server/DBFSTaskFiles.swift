// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute

/// DBFS as tasks need it.
struct DBFSTaskFiles: WorkspaceFiles {
    let root: String
    func copy(_ uri: String, to localPath: String) async throws {
        let path = root + uri.dropFirst(5)
        guard FileManager.default.fileExists(atPath: path) else { throw TaskFailure("\(uri) does not exist") }
        try FileManager.default.copyItem(atPath: path, toPath: localPath)
    }
}
