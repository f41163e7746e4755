// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// The run whose notebook has started a run (dbutils.notebook.run), and the runs that this one's notebook has started.
public struct RunRelatives: Equatable, Sendable {
    public struct Relative: Equatable, Sendable {
        public let jobID: JobID
        public let runID: RunID

        public init(jobID: JobID, runID: RunID) {
            self.jobID = jobID
            self.runID = runID
        }
    }

    /// nil: no notebook has started it.
    public let parent: Relative?
    /// By their ids.
    public let children: [Relative]

    public init(parent: Relative?, children: [Relative]) {
        self.parent = parent
        self.children = children
    }
}
