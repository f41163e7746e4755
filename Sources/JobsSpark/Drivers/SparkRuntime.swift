// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import TaskProcesses

/// Shared by the drivers of all kinds of tasks: a run's directory, its cluster, its process, its cleanup. All state is
/// in files of the run's directory, so a server that was started later finds everything (decision 0004).
public struct SparkRuntime: Sendable {
    let configuration: SparkConfiguration
    let workspaceFiles: any WorkspaceFiles
    let supervisors: Supervisors
    private let secrets: any SecretSource

    /// - Parameter secrets: what `{{secrets/scope/key}}` in the settings of clusters stands for.
    public init(
        _ configuration: SparkConfiguration, files: any WorkspaceFiles, secrets: any SecretSource = NoSecrets()
    ) {
        self.configuration = configuration
        workspaceFiles = files
        self.secrets = secrets
        supervisors = Supervisors(program: configuration.supervisorProgram)
    }

    // MARK: Directories

    func directory(of run: RunID) -> RunDirectory { RunDirectory(run, root: configuration.runsDirectory) }

    func process(_ directory: String) -> SupervisedProcess {
        SupervisedProcess(directory: directory, supervisors: supervisors)
    }

    func makeDirectories(for run: RunID) throws -> RunDirectory {
        let directory = directory(of: run)
        for path in [directory.path, directory.task, directory.work, directory.work + "/tmp"] {
            try makeDirectory(path)
        }
        return directory
    }

    // MARK: Clusters

    func cluster(for run: Run) throws -> ClusterInstance? {
        switch run.task.cluster {
        case .existing(.default): return ClusterInstance(clusterID: .default)
        case .existing(let id):
            // The real service's message.
            throw TaskFailure("Run executed on existing cluster ID \(id) failed since the cluster does not exist.")
        case .new: return ClusterInstance(clusterID: ClusterID(madeFor: run.id, at: run.times.start))
        case nil: throw TaskFailure("The settings of run \(run.id) name no cluster.")
        }
    }

    func standaloneCluster(of run: Run) -> StandaloneCluster? {
        guard case .new(let cluster)? = run.task.cluster, let workers = cluster.workerRange, workers.upperBound > 0
        else { return nil }
        let directory = directory(of: run.id)
        return StandaloneCluster(
            directory: directory.cluster, taskDirectory: directory.task, workers: workers.upperBound,
            workDirectory: directory.work,
            sparkEnvVars: cluster.sparkEnvVars ?? [:], configuration: configuration, supervisors: supervisors)
    }

    private func master(of run: Run) throws -> SparkMaster {
        guard let cluster = standaloneCluster(of: run), case .new(let description)? = run.task.cluster,
            let workers = description.workerRange
        else { return .local }
        guard let url = cluster.masterURL else { throw TaskFailure("The cluster is gone.") }
        return .standalone(url: url, workers: workers)
    }

    // MARK: Starting

    func secretReferences(of run: Run) async throws -> SecretReferences {
        try await SecretReferences(of: run.task.cluster, for: run.creatorUserName, from: secrets)
    }

    /// Writes the properties file of the run's Spark application.
    func writeProperties(
        of run: Run, _ prepared: PreparedFiles, _ references: SecretReferences, in directory: RunDirectory
    ) throws -> SparkProperties {
        var sparkConf: [String: String] = [:]
        if case .new(let cluster)? = run.task.cluster { sparkConf = references.resolved(in: cluster.sparkConf ?? [:]) }
        let properties = SparkProperties(
            applicationName: "job \(run.jobID) run \(run.id)", master: try master(of: run), prepared: prepared,
            workDirectory: directory.work, configuration: configuration, sparkConf: sparkConf)
        if references.secrets.isEmpty {
            try writeFile(properties.text, to: directory.sparkProperties)
        } else {
            try MemoryFile(path: directory.sparkProperties).write(properties.text)
        }
        return properties
    }

    /// The prefix of a command line that runs it with DBFS mounted at /dbfs.
    func dbfsExec(_ directory: RunDirectory) -> [String] {
        [configuration.dbfsExecProgram, configuration.dbfsDirectory, directory.databricks]
    }

    func launch(_ command: ProcessCommand, in directory: RunDirectory) throws -> TaskStart {
        try process(directory.task).launch(
            command, grace: configuration.gracePeriod, outputCap: configuration.outputCap)
            ? .started : .alreadyRunning
    }

    // MARK: While the task runs

    func wait(for run: RunID) async throws -> TaskEnd {
        let process = process(directory(of: run).task)
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

    func inspect(_ run: RunID) async -> TaskStatus {
        let directory = directory(of: run)
        let process = process(directory.task)
        return await BlockingWork.run {
            TaskStatus(
                recordedEnd: (try? process.exitRecord)?.endedAt,
                sparkContextID: Self.sparkContextID(directory.taskFiles))
        }
    }

    private static func sparkContextID(_ files: TaskFiles) -> String? {
        guard let data = FileManager.default.contents(atPath: files.spark),
            case .object(let object)? = try? JSONParser.parse(Array(data))
        else { return nil }
        return ObjectReader(object, report: ReadingReport()).string("application_id")
    }

    // MARK: The end

    func stop(_ run: RunID) async {
        let directory = directory(of: run)
        process(directory.task).fence()
        // The task first: Spark would treat the loss of its cluster as an error and retry.
        await process(directory.task).stop()
        let daemons = (try? FileManager.default.contentsOfDirectory(atPath: directory.cluster)) ?? []
        await withDiscardingTaskGroup { group in
            group.addTask { await process(directory.preparation).stop() }
            for daemon in daemons { group.addTask { await process(directory.cluster + "/" + daemon).stop() } }
        }
    }

    func cleanUp(_ run: RunID) async {
        let directory = directory(of: run)
        await BlockingWork.run {
            MemoryFile(path: directory.sparkProperties).remove()
            // Usually absent; removeItem would build an NSError for each.
            for path in directory.transient where faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 {
                try? FileManager.default.removeItem(atPath: path)
            }
        }
        supervisors.forget(below: directory.path)
    }
}

extension NewCluster {
    /// The minimum and maximum of the cluster's workers; nil when the settings do not give them.
    var workerRange: ClosedRange<Int>? {
        if let numWorkers { return Int(numWorkers)...Int(numWorkers) }
        guard let autoscale, autoscale.minWorkers <= autoscale.maxWorkers else { return nil }
        return Int(autoscale.minWorkers)...Int(autoscale.maxWorkers)
    }
}
