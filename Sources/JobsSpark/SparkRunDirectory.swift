// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import TaskProcesses

/// The files of a Spark run in its directory, beside its task.
extension RunDirectory {
    /// The supervised fetching of files and libraries.
    var preparation: String { path + "/prepare" }
    /// Files and libraries, as they were fetched.
    var files: String { path + "/files" }
    /// Supervised daemons of the run's cluster, one directory each.
    var cluster: String { path + "/cluster" }
    /// The source of a task's `/databricks`; `dbfs-exec` creates it.
    var databricks: String { path + "/databricks" }
    /// A link to a file in memory where the settings hold secrets (`MemoryFile`).
    var sparkProperties: String { path + "/spark.properties" }

    /// Everything that only a running task needs, except Spark's settings.
    var transient: [String] { [work, databricks, files, cluster, preparation] }

    var taskFiles: TaskFiles { TaskFiles(directory: task) }
}

/// The files by which a task and the server communicate, beside its output (docs/architecture).
struct TaskFiles: Equatable, Sendable {
    let directory: String

    /// The task's own error report.
    var error: String { directory + "/error.json" }
    /// The Spark application.
    var spark: String { directory + "/spark.json" }
    /// A kernel's input (`KernelInput`).
    var notebook: String { directory + "/notebook.json" }
    /// The file that the notebook was imported from, if that was a Jupyter file.
    var jupyter: String { directory + "/notebook.ipynb" }
    /// The events of the cells.
    var notebookEvents: String { directory + "/notebook-events.jsonl" }
    /// The value that the notebook passed to dbutils.notebook.exit.
    var notebookOutput: String { directory + "/notebook-output.json" }
}
