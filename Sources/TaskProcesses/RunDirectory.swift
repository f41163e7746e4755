// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain

/// Where a run keeps its files: `DATA/runs/<run_id / 1000>/<run_id>/`, so that no directory grows without bounds.
package struct RunDirectory: Equatable, Sendable {
    package let path: String

    package init(_ run: RunID, root: String) { path = "\(root)/\(run.rawValue / 1000)/\(run.rawValue)" }

    /// The supervised task: its output and its own reports.
    package var task: String { path + "/task" }
    /// The task's working directory, removed after the run.
    package var work: String { path + "/work" }
}

extension RunDirectory {
    /// The runs that have a directory.
    package static func all(root: String) -> [RunID] {
        let files = FileManager.default
        let groups = ((try? files.contentsOfDirectory(atPath: root)) ?? []).filter { Int64($0) != nil }
        return groups.flatMap { group in
            ((try? files.contentsOfDirectory(atPath: "\(root)/\(group)")) ?? []).compactMap(Int64.init)
        }.map { RunID($0) }
    }
}
