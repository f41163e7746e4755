// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import TaskProcesses

/// Runs a notebook in a kernel, which is forked from the fork server where there is one.
struct NotebookDriver: SparkTaskDriver {
    let runtime: SparkRuntime
    let kernels: NotebookKernels

    /// Writes the kernel's input, once: a run keeps the revision that it began with.
    func prepare(_ task: NotebookTask, of run: Run, in directory: RunDirectory) async throws {
        let files = directory.taskFiles
        if access(files.notebook, F_OK) == 0 { return }
        let input = KernelInput(
            run: run, notebook: try await kernels.notebook(of: task, for: run),
            parameters: task.baseParameters ?? [:], cluster: try runtime.cluster(for: run)?.clusterID ?? .default)
        if let jupyterFile = input.jupyterFile { try writeFile(jupyterFile, to: files.jupyter) }
        try writeFile(input.json, to: files.notebook + ".new")
        guard rename(files.notebook + ".new", files.notebook) == 0 else {
            throw TaskFailure("The file \(files.notebook) could not be written.")
        }
    }

    func commandLine(of task: NotebookTask, _ launch: SparkLaunch) -> [String] {
        [launch.configuration.python, launch.configuration.kernelScript]
    }

    func environment(of task: NotebookTask, for run: Run) async throws -> [String: String] {
        var environment = try await kernels.environment(for: run.id)
        environment["LAMPLIGHTER_DBFS"] = "if-possible"
        return environment
    }

    func launch(_ command: ProcessCommand, in directory: RunDirectory) async throws -> TaskStart {
        let isForked = await kernels.forkServer?.launch(
            command, directory: directory.task, databricks: directory.databricks)
        // A request without an answer may still have been executed: then the directory is claimed.
        if isForked == true || runtime.process(directory.task).isClaimed { return .started }
        return try runtime.launch(command, in: directory)
    }
}
