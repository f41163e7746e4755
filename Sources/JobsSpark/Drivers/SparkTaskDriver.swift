// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import TaskProcesses

/// Runs one kind of task as a local process tree with Spark available. A conforming type has only what is specific to
/// its kind, such as the files it needs and its command line; `SparkRuntime` does the rest for every kind.
protocol SparkTaskDriver: TaskDriver {
    associatedtype Definition: TaskDefinition

    var runtime: SparkRuntime { get }

    /// The URIs of single files that the task needs.
    func files(of task: Definition) -> [String]
    /// Libraries that the task names itself, beside those of its settings.
    func libraries(of task: Definition) -> [Library]
    /// Preparation specific to this kind; idempotent.
    func prepare(_ task: Definition, of run: Run, in directory: RunDirectory) async throws
    /// The program and its arguments. They must not contain secrets: every local user can read command lines.
    /// - Throws: `TaskFailure`.
    func commandLine(of task: Definition, _ launch: SparkLaunch) throws -> [String]
    /// Environment variables that override those of every task.
    func environment(of task: Definition, for run: Run) async throws -> [String: String]
    /// Starts the command under a supervisor.
    func launch(_ command: ProcessCommand, in directory: RunDirectory) async throws -> TaskStart
}

/// The inputs of a task's command line.
struct SparkLaunch {
    let directory: RunDirectory
    let prepared: PreparedFiles
    let properties: SparkProperties
    let configuration: SparkConfiguration
}

extension SparkTaskDriver {
    func files(of task: Definition) -> [String] { [] }

    func libraries(of task: Definition) -> [Library] { [] }

    func prepare(_ task: Definition, of run: Run, in directory: RunDirectory) async throws {}

    /// Suppresses the message of dbfs-exec where the system allows no /dbfs: most programs do not use it.
    func environment(of task: Definition, for run: Run) async throws -> [String: String] {
        ["LAMPLIGHTER_DBFS": "if-possible"]
    }

    func launch(_ command: ProcessCommand, in directory: RunDirectory) async throws -> TaskStart {
        try runtime.launch(command, in: directory)
    }
}

// MARK: The steps of a run

extension SparkTaskDriver {
    func cluster(for run: Run) throws -> ClusterInstance? { try runtime.cluster(for: run) }

    func prepare(_ run: Run) async throws {
        let task = try task(of: run)
        let directory = try runtime.makeDirectories(for: run.id)
        let references = try await runtime.secretReferences(of: run)
        try await prepare(task, of: run, in: directory)
        async let files: Void = runtime.prepare(plan(of: run, task), in: directory)
        async let cluster: Void = runtime.standaloneCluster(of: run)?.start(with: references) ?? ()
        _ = try await (files, cluster)
    }

    func start(_ run: Run) async throws -> TaskStart {
        let directory = runtime.directory(of: run.id)
        let process = runtime.process(directory.task)
        if process.isClaimed { return .alreadyRunning }
        let task = try task(of: run)
        let prepared = try runtime.prepared(plan(of: run, task), in: directory)
        let references = try await runtime.secretReferences(of: run)
        let launch = SparkLaunch(
            directory: directory, prepared: prepared,
            properties: try runtime.writeProperties(of: run, prepared, references, in: directory),
            configuration: runtime.configuration)
        let environment = TaskEnvironment(
            run: run, launch: launch, own: try await environment(of: task, for: run), secrets: references)
        let command = ProcessCommand(
            // Every driver process has DBFS mounted at /dbfs (contract G1).
            arguments: runtime.dbfsExec(directory) + (try commandLine(of: task, launch)),
            environment: environment.variables, workingDirectory: directory.work)
        // A previous server may have given the run up, and died before it recorded that.
        process.unfence()
        return try await self.launch(command, in: directory)
    }

    func wait(for run: Run) async throws -> TaskEnd { try await runtime.wait(for: run.id) }

    func inspect(_ run: RunID) async -> TaskStatus { await runtime.inspect(run) }

    func stop(_ run: RunID) async { await runtime.stop(run) }

    func cleanUp(_ run: RunID) async throws { await runtime.cleanUp(run) }

    /// The run's task with its parameters in force.
    private func task(of run: Run) throws -> Definition {
        let variables = ContextVariables(
            jobID: run.jobID, runID: run.id, parentRunID: run.parentRunID, taskKey: run.taskKey,
            startTime: run.times.executionStart ?? run.times.start, retryCount: run.attemptNumber)
        let task = run.task.task.overridden(by: run.parameters).substituting(variables)
        guard let task = task.definition as? Definition else {
            throw TaskFailure("Run \(run.id) has a \(run.kind.rawValue), not a \(Definition.kind.rawValue).")
        }
        return task
    }

    private func plan(of run: Run, _ task: Definition) -> PreparationPlan {
        PreparationPlan(files: files(of: task), libraries: (run.task.libraries ?? []) + libraries(of: task))
    }
}
