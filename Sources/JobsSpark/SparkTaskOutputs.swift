// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import Notebooks
import TaskProcesses

/// The outputs of tasks, read from their runs' directories.
public struct SparkTaskOutputs: TaskOutputs {
    private let root: String
    private let supervisors: Supervisors

    public init(_ configuration: SparkConfiguration) {
        root = configuration.runsDirectory
        supervisors = Supervisors(program: configuration.supervisorProgram)
    }

    public func output(of run: RunID, limit: Int) async throws -> TaskOutput {
        let task = SupervisedProcess(directory: RunDirectory(run, root: root).task, supervisors: supervisors)
        return await BlockingWork.run { Self.output(of: task, limit: limit) }
    }

    public func notebook(of run: RunID) async throws -> NotebookRecord? {
        let files = RunDirectory(run, root: root).taskFiles
        return await BlockingWork.run {
            guard var record = KernelInput.record(in: files) else { return nil }
            record.exitValue = Self.notebookResult(in: files)?.result
            return record
        }
    }

    public func removeOutput(of run: RunID) async throws {
        let path = RunDirectory(run, root: root).path
        await BlockingWork.run { try? FileManager.default.removeItem(atPath: path) }
    }

    public func runsWithOutput() async throws -> [RunID] {
        await BlockingWork.run { [root] in RunDirectory.all(root: root) }
    }

    private static func output(of task: SupervisedProcess, limit: Int) -> TaskOutput {
        var output = TaskOutput()
        if let exit = try? task.exitRecord, exit.exitCode != 0 {
            let report = FailureReport(exit: exit, task: task)
            output.error = report.error
            output.errorTrace = report.trace.map { String($0.prefix(limit / 2)) }
        }
        output.notebookResult = notebookResult(in: TaskFiles(directory: task.directory))
        let reserved =
            (output.notebookResult?.result?.utf8.count ?? 0) + (output.errorTrace?.utf8.count ?? 0)
            + (output.error?.utf8.count ?? 0)
        let (logs, isWhole) = logs(of: task, limit: limit - reserved)
        output.logs = logs
        output.logsTruncated = !isWhole
        return output
    }

    /// nil for a task that is no notebook.
    private static func notebookResult(in files: TaskFiles) -> NotebookResult? {
        guard access(files.notebook, F_OK) == 0 else { return nil }
        guard let data = FileManager.default.contents(atPath: files.notebookOutput),
            case .object(let object)? = try? JSONParser.parse(Array(data), repairing: true)
        else { return NotebookResult() }
        let reader = ObjectReader(object, report: ReadingReport())
        return NotebookResult(result: reader.string("result"), isTruncated: reader.bool("truncated") ?? false)
    }

    private static func logs(of task: SupervisedProcess, limit: Int) -> (text: String, isWhole: Bool) {
        let standardOutput = OutputFile(path: task.standardOutput).head(limit)
        let standardError = OutputFile(path: task.standardError).head(max(0, limit - standardOutput.text.utf8.count))
        return (standardOutput.text + standardError.text, standardOutput.isWhole && standardError.isWhole)
    }
}
