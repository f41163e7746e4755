// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Notebooks

/// The notebooks of the workspace, for runs.
public protocol NotebookLibrary: Sendable {
    /// The notebook in the revision that was in force at `time`; nil: the newest.
    /// - Returns: nil when there is no notebook at the path, or none of its revisions is as old as `time`.
    /// - Throws: when the store cannot be reached, or what it holds cannot be read.
    func notebook(_ path: String, at time: Timestamp?) async throws -> StoredNotebook?
}

/// A notebook at one of its revisions.
public struct StoredNotebook: Equatable, Sendable {
    /// Absolute, without `.` and `..`.
    public let path: String
    /// Stays the same as long as the notebook exists.
    public let objectID: Int64
    public let language: NotebookLanguage
    public let commands: [NotebookCommand]
    public let dashboards: [NotebookDashboard]
    /// When this revision was written.
    public let revisionTime: Timestamp
    /// The Jupyter file that it was imported from, which may hold more than the commands; nil: another format.
    public let jupyterFile: [UInt8]?

    public init(
        path: String, objectID: Int64, language: NotebookLanguage, commands: [NotebookCommand],
        dashboards: [NotebookDashboard] = [], revisionTime: Timestamp, jupyterFile: [UInt8]? = nil
    ) {
        self.path = path
        self.objectID = objectID
        self.language = language
        self.commands = commands
        self.dashboards = dashboards
        self.revisionTime = revisionTime
        self.jupyterFile = jupyterFile
    }
}
