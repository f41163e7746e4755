// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import TaskProcesses

/// Files and libraries of a run.
extension SparkRuntime {
    /// Fetches and installs what the plan names. It may be repeated.
    /// - Throws: `TaskFailure`, `CancellationError`.
    func prepare(_ plan: PreparationPlan, in directory: RunDirectory) async throws {
        if let uri = plan.singleFile,
            let source = try SingleFileSource(uri, configuration: configuration, files: workspaceFiles)
        {
            let local = Self.localFile(uri, directory)
            try makeDirectory((local as NSString).deletingLastPathComponent)
            return try await source.copy(to: local)
        }
        if plan.isEmpty { return }
        let process = process(directory.preparation)
        if process.isClaimed, try !process.isAlive, try process.exitRecord == nil {
            // Lost in a restart of the machine; the task was not started yet, so the preparation can be repeated.
            try FileManager.default.removeItem(atPath: directory.preparation)
        }
        try makeDirectory(directory.files)
        try makeDirectory(directory.preparation)
        let planFile = directory.preparation + "/plan.json"
        try writeFile(plan.json(directory: directory.files, configuration: configuration), to: planFile)
        try process.launch(
            ProcessCommand(
                arguments: [
                    configuration.python, configuration.prepareScript, planFile, Self.resultFile(directory),
                ],
                environment: SparkEnvironment.base(configuration, workDirectory: directory.work),
                workingDirectory: directory.work),
            grace: configuration.gracePeriod, outputCap: configuration.outputCap)
        switch try await process.end() {
        case .exited(let exit):
            if let error = exit.execError {
                throw TaskFailure(
                    "The libraries could not be installed: \(configuration.python): \(error). "
                        + "`lamplighter doctor` says what is missing.")
            }
        case .lost, .neverLaunched: throw TaskFailure("The installation of the libraries was interrupted.")
        }
        _ = try prepared(plan, in: directory)
    }

    /// The files that the preparation created.
    /// - Throws: `TaskFailure` when it failed.
    func prepared(_ plan: PreparationPlan, in directory: RunDirectory) throws -> PreparedFiles {
        if let uri = plan.singleFile {
            // Written by the server, or by `prepare.py`.
            let local = Self.localFile(uri, directory)
            if access(local, F_OK) == 0 { return PreparedFiles(files: [uri: local]) }
        }
        if plan.isEmpty { return PreparedFiles() }
        guard let result = FileManager.default.contents(atPath: Self.resultFile(directory)) else {
            let log = OutputFile(path: process(directory.preparation).standardError).tail(1000)
            throw TaskFailure(
                "The libraries could not be installed: \(log.isEmpty ? "the installer ended without a word." : log)")
        }
        let (prepared, error) = PreparedFiles.read(Array(result))
        guard let prepared else { throw TaskFailure(Self.installationError(error, plan)) }
        return prepared
    }

    private static func localFile(_ uri: String, _ directory: RunDirectory) -> String {
        directory.files + "/" + PreparationPlan.localName(uri, 0)
    }

    private static func resultFile(_ directory: RunDirectory) -> String { directory.preparation + "/result.json" }

    private static func installationError(_ error: String, _ plan: PreparationPlan) -> String {
        plan.libraries.isEmpty
            ? error
            : "Library installation failed for library due to user error. Error messages:\n\(error)"
    }
}
