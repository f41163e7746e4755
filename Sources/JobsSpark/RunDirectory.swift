// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain

/// Where a run keeps its files: `DATA/runs/<run_id / 1000>/<run_id>/`, so that no directory grows without bounds.
struct RunDirectory: Equatable, Sendable {
    let path: String

    init(_ run: RunID, root: String) { path = "\(root)/\(run.rawValue / 1000)/\(run.rawValue)" }

    /// The supervised task: its output, and what it says of itself (`error.json`, `spark.json`).
    var task: String { path + "/task" }
    /// The supervised fetching of files and libraries.
    var preparation: String { path + "/prepare" }
    /// Files and libraries, as they were fetched.
    var files: String { path + "/files" }
    /// Supervised daemons of the run's cluster, one directory each.
    var cluster: String { path + "/cluster" }
    /// The task's working directory, gone after the run.
    var work: String { path + "/work" }
    /// What a task finds at `/databricks`; `dbfs-exec` makes it.
    var databricks: String { path + "/databricks" }
    /// A link to a file in memory where the settings hold secrets (`MemoryFile`).
    var sparkProperties: String { path + "/spark.properties" }

    /// All that only a running task needs, beside Spark's settings.
    var transient: [String] { [work, databricks, files, cluster, preparation] }
}

extension RunDirectory {
    /// The runs that have a directory.
    static func all(root: String) -> [RunID] {
        let files = FileManager.default
        let groups = ((try? files.contentsOfDirectory(atPath: root)) ?? []).filter { Int64($0) != nil }
        return groups.flatMap { group in
            ((try? files.contentsOfDirectory(atPath: "\(root)/\(group)")) ?? []).compactMap(Int64.init)
        }.map { RunID($0) }
    }
}
