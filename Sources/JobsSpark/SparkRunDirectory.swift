// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import TaskProcesses

/// What a run on Spark keeps in its directory beside its task.
extension RunDirectory {
    /// The supervised fetching of files and libraries.
    var preparation: String { path + "/prepare" }
    /// Files and libraries, as they were fetched.
    var files: String { path + "/files" }
    /// Supervised daemons of the run's cluster, one directory each.
    var cluster: String { path + "/cluster" }
    /// What a task finds at `/databricks`; `dbfs-exec` makes it.
    var databricks: String { path + "/databricks" }
    /// A link to a file in memory where the settings hold secrets (`MemoryFile`).
    var sparkProperties: String { path + "/spark.properties" }

    /// All that only a running task needs, beside Spark's settings.
    var transient: [String] { [work, databricks, files, cluster, preparation] }

    var taskFiles: TaskFiles { TaskFiles(directory: task) }
}

/// The files by which a task and the server tell each other things, beside its output (docs/architecture).
struct TaskFiles: Equatable, Sendable {
    let directory: String

    /// Why the task failed, in its own words.
    var error: String { directory + "/error.json" }
    /// The Spark application.
    var spark: String { directory + "/spark.json" }
    /// What a kernel is to run (`KernelInput`).
    var notebook: String { directory + "/notebook.json" }
    /// The file as which the notebook was imported, where that was a Jupyter file.
    var jupyter: String { directory + "/notebook.ipynb" }
    /// What the cells do.
    var notebookEvents: String { directory + "/notebook-events.jsonl" }
    /// What the notebook gave to dbutils.notebook.exit.
    var notebookOutput: String { directory + "/notebook-output.json" }
}
