// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks
import TaskProcesses

/// `notebook.json` of a task's directory: a kernel's input. It is written once, so that a run keeps the revision that
/// it began with, and is kept as long as the run.
struct KernelInput {
    let run: Run
    let notebook: StoredNotebook
    let parameters: [String: String]
    let cluster: ClusterID

    var json: String {
        JSONWriter.text { writer in
            writer.object { writer in
                writer.key("notebook")
                writer.object(notebook.writeForKernel)
                writer.member("parameters", parameters)
                writer.member("depth", run.workflowDepth)
                writer.key("context")
                writer.object { writer in
                    writer.member("job_id", run.jobID.rawValue)
                    writer.member("run_id", run.id.rawValue)
                    writer.member("parent_run_id", run.parentRunID?.rawValue)
                    writer.member("task_key", run.taskKey)
                    writer.member("user_name", run.creatorUserName)
                    writer.member("cluster_id", cluster.rawValue)
                    writer.member("notebook_id", notebook.objectID)
                }
            }
        }
    }

    /// The notebook's own file without the outputs of earlier runs.
    var jupyterFile: String? {
        guard let bytes = notebook.jupyterFile, var file = try? JupyterNotebook(reading: bytes) else { return nil }
        file.removeOutputs()
        return String(decoding: file.write(), as: UTF8.self)
    }

    /// The notebook in a task's files, with the results of its cells; nil when there is none.
    static func record(in files: TaskFiles) -> NotebookRecord? {
        guard let data = FileManager.default.contents(atPath: files.notebook),
            case .object(let file)? = try? JSONParser.parse(Array(data)),
            case .object(let object)? = file["notebook"]
        else { return nil }
        let reader = ObjectReader(object, report: ReadingReport())
        let kernelCommands: [KernelCommand] = reader.structures("commands") ?? []
        let commands = kernelCommands.map(\.command)
        let notebook = Notebook(
            language: reader.string("language").flatMap(NotebookLanguage.init(anyCase:)) ?? .python,
            commands: commands, dashboards: NotebookDashboard.list(object["dashboards"], commands: commands))
        let events = FileManager.default.contents(atPath: files.notebookEvents)
        return NotebookRecord(
            path: reader.string("path") ?? "", objectID: reader.int64("object_id") ?? 0, notebook: notebook,
            cells: NotebookEvents.cells(events.map { Array($0) } ?? [], count: commands.count),
            importedFile: FileManager.default.contents(atPath: files.jupyter).map { Array($0) })
    }
}
