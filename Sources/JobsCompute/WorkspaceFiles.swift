// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Files of the workspace, for tasks.
public protocol WorkspaceFiles: Sendable {
    /// Copies a `dbfs:/` file to a local path.
    /// - Throws: `TaskFailure`.
    func copy(_ uri: String, to localPath: String) async throws
}
