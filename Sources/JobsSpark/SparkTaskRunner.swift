// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import Logging

/// Runs tasks on Spark on this machine: local mode, or a private standalone cluster per run. All state is files in the
/// run's directory, so a server that was started later finds everything (decision 0004).
public struct SparkTaskRunner: TaskRunner {
    private let configuration: SparkConfiguration
    private let files: any WorkspaceFiles
    private let supervisors: Supervisors
    private let secrets: any SecretSource
    private let notebooks: NotebookKernels?

    /// - Parameters:
    ///   - secrets: what `{{secrets/scope/key}}` in the settings of clusters stands for.
    ///   - notebooks: nil: notebook tasks cannot be run.
    public init(
        _ configuration: SparkConfiguration, files: any WorkspaceFiles, secrets: any SecretSource = NoSecrets(),
        notebooks: NotebookKernels? = nil
    ) {
        self.configuration = configuration
        self.files = files
        self.secrets = secrets
        self.notebooks = notebooks
        supervisors = Supervisors(program: configuration.supervisorProgram)
    }

    public func cluster(for run: Run) throws -> ClusterInstance {
        switch run.task.cluster {
        case .existing(.default): return ClusterInstance(clusterID: .default)
        case .existing(let id):
            // The real service's words.
            throw TaskFailure("Run executed on existing cluster ID \(id) failed since the cluster does not exist.")
        case .new: return ClusterInstance(clusterID: ClusterID(madeFor: run.id, at: run.times.start))
        case nil:
            throw TaskFailure(
                "Tasks of the type \(run.task.task.kind.rawValue) cannot be run by this version of Lamplighter.")
        }
    }

    public func prepare(_ run: Run) async throws {
        switch run.task.task {
        case .sparkPython, .sparkJar, .sparkSubmit, .shellCommand: break
        case .notebook where notebooks != nil: break
        case .notebook, .pipeline, .runJob:
            throw TaskFailure(
                "Tasks of the type \(run.task.task.kind.rawValue) cannot be run by this version of Lamplighter.")
        }
        let directory = directory(of: run.id)
        for path in [directory.path, directory.task, directory.work, directory.work + "/tmp"] {
            try makeDirectory(path)
        }
        let references = try await secretReferences(of: run)
        try await prepareNotebook(run, directory)
        async let files: Void = prepareFiles(run, directory)
        async let cluster: Void = standaloneCluster(of: run)?.start(with: references) ?? ()
        _ = try await (files, cluster)
    }

    /// Writes what the kernel is to run, once: whatever becomes of the notebook later is no matter of this run.
    private func prepareNotebook(_ run: Run, _ directory: RunDirectory) async throws {
        guard case .notebook(let task) = task(of: run), let notebooks else { return }
        let file = directory.task + "/" + KernelInput.fileName
        if access(file, F_OK) == 0 { return }
        let assignment = KernelInput(
            run: run, notebook: try await notebooks.notebook(of: task, for: run),
            parameters: task.baseParameters ?? [:], cluster: try cluster(for: run).clusterID)
        if let jupyterFile = assignment.jupyterFile {
            try Self.write(jupyterFile, to: directory.task + "/" + KernelInput.jupyterFileName)
        }
        try Self.write(assignment.json, to: file + ".new")
        guard rename(file + ".new", file) == 0 else { throw TaskFailure("The file \(file) could not be written.") }
    }

    // MARK: Files and libraries

    private func prepareFiles(_ run: Run, _ directory: RunDirectory) async throws {
        let plan = plan(of: run)
        if let uri = plan.singleDBFSFile {
            let local = directory.files + "/" + PreparationPlan.localName(uri, 0)
            try makeDirectory((local as NSString).deletingLastPathComponent)
            return try await files.copy(uri, to: local)
        }
        if plan.isEmpty { return }
        let process = process(directory.preparation)
        if process.isClaimed, try !process.isAlive, try process.exitRecord == nil {
            // Lost with the machine; nothing of the task was started yet, so it may simply be done again.
            try FileManager.default.removeItem(atPath: directory.preparation)
        }
        try makeDirectory(directory.files)
        try makeDirectory(directory.preparation)
        let planFile = directory.preparation + "/plan.json"
        try Self.write(plan.json(directory: directory.files, configuration: configuration), to: planFile)
        try process.launch(
            ProcessCommand(
                arguments: [
                    configuration.python, configuration.prepareScript, planFile,
                    directory.preparation + "/result.json",
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
        _ = try prepared(run, directory)
    }

    /// What the preparation made.
    private func prepared(_ run: Run, _ directory: RunDirectory) throws -> PreparedFiles {
        let plan = plan(of: run)
        if let uri = plan.singleDBFSFile {
            return PreparedFiles(files: [uri: directory.files + "/" + PreparationPlan.localName(uri, 0)])
        }
        if plan.isEmpty { return PreparedFiles() }
        guard let result = FileManager.default.contents(atPath: directory.preparation + "/result.json") else {
            let log = OutputFile(path: process(directory.preparation).standardError).tail(1000)
            throw TaskFailure(
                "The libraries could not be installed: \(log.isEmpty ? "the installer ended without a word." : log)")
        }
        let (prepared, error) = PreparedFiles.read(Array(result))
        guard let prepared else { throw TaskFailure(Self.installationError(error, plan)) }
        return prepared
    }

    private static func installationError(_ error: String, _ plan: PreparationPlan) -> String {
        plan.libraries.isEmpty
            ? error
            : "Library installation failed for library due to user error. Error messages:\n\(error)"
    }

    private func plan(of run: Run) -> PreparationPlan {
        var settings = run.task
        settings.task = task(of: run)
        return PreparationPlan(settings)
    }

    /// The run's task with its parameters in force.
    private func task(of run: Run) -> JobTask {
        let variables = ContextVariables(
            jobID: run.jobID, runID: run.id, parentRunID: run.parentRunID, taskKey: run.taskKey,
            startTime: run.times.executionStart ?? run.times.start, retryCount: run.attemptNumber)
        return run.task.task.overridden(by: run.parameters).substituting(variables)
    }

    // MARK: Clusters

    private func standaloneCluster(of run: Run) -> StandaloneCluster? {
        guard case .new(let cluster)? = run.task.cluster, let workers = cluster.workerRange, workers.upperBound > 0
        else { return nil }
        let directory = directory(of: run.id)
        return StandaloneCluster(
            directory: directory.cluster, workers: workers.upperBound, workDirectory: directory.work,
            sparkEnvVars: cluster.sparkEnvVars ?? [:], configuration: configuration, supervisors: supervisors)
    }

    private func master(of run: Run) throws -> SparkMaster {
        guard let cluster = standaloneCluster(of: run), case .new(let description)? = run.task.cluster,
            let workers = description.workerRange
        else { return .local }
        guard let url = cluster.masterURL else { throw TaskFailure("The cluster is gone.") }
        return .standalone(url: url, workers: workers)
    }

    // MARK: The task

    public func launch(_ run: Run) async throws {
        let directory = directory(of: run.id)
        let process = process(directory.task)
        if process.isClaimed { return }
        let prepared = try prepared(run, directory)
        let references = try await secretReferences(of: run)
        let properties = try writeProperties(of: run, prepared, references, in: directory)
        var command = TaskCommand(
            run: run, task: task(of: run), directory: directory, prepared: prepared, properties: properties,
            secrets: references, configuration: configuration)
        var forkServer: ForkServer?
        if case .notebook = run.task.task, let notebooks {
            command.kernelEnvironment = try await notebooks.environment(for: run.id)
            forkServer = notebooks.forkServer
        }
        let started = try command.command()
        // As any launch does.
        process.unseal()
        let isWarm = await forkServer?.launch(started, directory: directory.task, databricks: directory.databricks)
        // A request that got no answer may still have been carried out: then the claim is there.
        if isWarm == true || process.isClaimed { return }
        try process.launch(started, grace: configuration.gracePeriod, outputCap: configuration.outputCap)
    }

    private func secretReferences(of run: Run) async throws -> SecretReferences {
        try await SecretReferences(of: run.task.cluster, for: run.creatorUserName, from: secrets)
    }

    /// The settings of the run's Spark application, where it reads them.
    private func writeProperties(
        of run: Run, _ prepared: PreparedFiles, _ references: SecretReferences, in directory: RunDirectory
    ) throws -> SparkProperties {
        var sparkConf: [String: String] = [:]
        if case .new(let cluster)? = run.task.cluster { sparkConf = references.resolved(in: cluster.sparkConf ?? [:]) }
        let properties = SparkProperties(
            applicationName: "job \(run.jobID) run \(run.id)", master: try master(of: run), prepared: prepared,
            workDirectory: directory.work, configuration: configuration, sparkConf: sparkConf)
        if references.secrets.isEmpty {
            try Self.write(properties.text, to: directory.sparkProperties)
        } else {
            try MemoryFile(path: directory.sparkProperties).write(properties.text)
        }
        return properties
    }

    public func end(of run: Run) async throws -> TaskEnd {
        let process = process(directory(of: run.id).task)
        switch try await process.end() {
        case .exited(let exit):
            if let error = exit.execError { throw TaskFailure("The task could not be started: \(error).") }
            let outcome: TaskOutcome =
                exit.exitCode == 0 ? .succeeded : .failed(message: FailureReport(exit: exit, task: process).error)
            return .ended(outcome, at: exit.endedAt, usage: exit.usage)
        case .lost:
            return .lost(
                message:
                    "The task's supervisor was killed or the machine was restarted; how the task ended is not known.")
        case .neverLaunched:
            return .lost(message: "The task could not be started.")
        }
    }

    public func recordedEnd(of run: RunID) async -> Timestamp? {
        let process = process(directory(of: run).task)
        return await BlockingWork.run { (try? process.exitRecord)?.endedAt }
    }

    public func instance(of run: Run) async -> ClusterInstance? {
        guard var instance = try? cluster(for: run) else { return nil }
        let file = directory(of: run.id).task + "/spark.json"
        guard let data = FileManager.default.contents(atPath: file),
            case .object(let object)? = try? JSONParser.parse(Array(data))
        else { return instance }
        instance.sparkContextID = ObjectReader(object, report: ReadingReport()).string("application_id")
        return instance
    }

    // MARK: The end

    public func stop(_ run: RunID) async {
        let directory = directory(of: run)
        process(directory.task).seal()
        // The task first: it would take the loss of its cluster for an error and try again.
        await process(directory.task).stop()
        let daemons = (try? FileManager.default.contentsOfDirectory(atPath: directory.cluster)) ?? []
        await withDiscardingTaskGroup { group in
            group.addTask { await process(directory.preparation).stop() }
            for daemon in daemons { group.addTask { await process(directory.cluster + "/" + daemon).stop() } }
        }
    }

    public func cleanUp(_ run: RunID) async throws {
        let directory = directory(of: run)
        await BlockingWork.run {
            MemoryFile(path: directory.sparkProperties).remove()
            // Most are not there, and Foundation makes much of that.
            for path in directory.transient where faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        supervisors.forget(below: directory.path)
    }

    // MARK: Places

    private func directory(of run: RunID) -> RunDirectory { RunDirectory(run, root: configuration.runsDirectory) }

    private func process(_ directory: String) -> SupervisedProcess {
        SupervisedProcess(directory: directory, supervisors: supervisors)
    }

    /// For the owner alone: settings may hold secrets.
    private static func write(_ text: String, to path: String) throws {
        let bytes = Array(text.utf8)
        guard lp_write_file(path, bytes, bytes.count, 0o600) == 0 else {
            throw TaskFailure("The file \(path) could not be written.")
        }
    }
}

extension NewCluster {
    /// How many workers the cluster has, at least and at most; nil when the settings do not say.
    var workerRange: ClosedRange<Int>? {
        if let numWorkers { return Int(numWorkers)...Int(numWorkers) }
        guard let autoscale, autoscale.minWorkers <= autoscale.maxWorkers else { return nil }
        return Int(autoscale.minWorkers)...Int(autoscale.maxWorkers)
    }
}
