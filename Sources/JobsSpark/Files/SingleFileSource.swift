// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute

/// Copies the only file that a task needs, in this process: starting `prepare.py` for it takes longer than all the rest of
/// the preparation. Rules and texts are those of `prepare.py`.
struct SingleFileSource: Sendable {
    private enum Source: Sendable {
        case dbfs(any WorkspaceFiles)
        case local
        case s3(S3Download)
    }

    private let uri: String
    private let source: Source

    /// - Returns: nil when only `prepare.py` knows how to fetch the file.
    init?(_ uri: String, configuration: SparkConfiguration, files: any WorkspaceFiles) throws(TaskFailure) {
        self.uri = uri
        if RemoteURI.isDBFS(uri) {
            source = .dbfs(files)
        } else if uri.hasPrefix("file:") {
            guard configuration.allowsLocalFiles else {
                throw TaskFailure(
                    "\(uri) cannot be used: this server does not allow files of its own machine in jobs. "
                        + "An administrator can allow them by the setting allow-local-files")
            }
            source = .local
        } else if S3Object.isS3(uri) {
            guard let download = try S3Download(uri, configuration) else { return nil }
            source = .s3(download)
        } else {
            return nil
        }
    }

    /// The file is there when this returns, whole and readable by its owner alone, in a directory that exists.
    /// - Throws: `TaskFailure`, `CancellationError`.
    func copy(to path: String) async throws {
        switch source {
        case .dbfs(let files): try await files.copy(uri, to: path)
        case .local: try await LocalFile(uri).copy(to: path)
        case .s3(let download): try await download.copy(to: path)
        }
    }
}
