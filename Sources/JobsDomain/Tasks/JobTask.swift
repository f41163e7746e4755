// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// What a run does ("JobTask"): exactly one of the specification's six, or a shell command, which clients of the real
/// service send although no page of its documentation has it.
public enum JobTask: Equatable, Sendable {
    case notebook(NotebookTask)
    case sparkJar(SparkJarTask)
    case sparkPython(SparkPythonTask)
    case sparkSubmit(SparkSubmitTask)
    case pipeline(PipelineTask)
    case runJob(RunJobTask)
    case shellCommand(ShellCommandTask)

    /// The kinds of tasks, in the order of the specification's either-or group; the raw value is the member's name.
    public enum Kind: String, CaseIterable, Sendable {
        case notebook = "notebook_task"
        case sparkJar = "spark_jar_task"
        case sparkPython = "spark_python_task"
        case sparkSubmit = "spark_submit_task"
        case pipeline = "pipeline_task"
        case runJob = "run_job_task"
        case shellCommand = "shell_command_task"

        /// The structure of a kind.
        public var definition: any TaskDefinition.Type {
            switch self {
            case .notebook: NotebookTask.self
            case .sparkJar: SparkJarTask.self
            case .sparkPython: SparkPythonTask.self
            case .sparkSubmit: SparkSubmitTask.self
            case .pipeline: PipelineTask.self
            case .runJob: RunJobTask.self
            case .shellCommand: ShellCommandTask.self
            }
        }
    }

    /// The task's definition, which has everything specific to its kind.
    public var definition: any TaskDefinition {
        switch self {
        case .notebook(let task): task
        case .sparkJar(let task): task
        case .sparkPython(let task): task
        case .sparkSubmit(let task): task
        case .pipeline(let task): task
        case .runJob(let task): task
        case .shellCommand(let task): task
        }
    }

    public var kind: Kind { type(of: definition).kind }
}

extension JobTask {
    /// True for a task that runs on a cluster that the settings name; others bring compute of their own.
    public var needsCluster: Bool { type(of: definition).needsCluster }
    public var references: [SettingsReference] { definition.references }
    public var softReferences: [SettingsReference] { definition.softReferences }

    /// The task with `{{name}}` replaced in its parameters (contract C10).
    public func substituting(_ variables: ContextVariables) -> JobTask { definition.substituting(variables).task }

    /// The task with a run's parameters in force (contract D1).
    public func overridden(by parameters: RunParameters?) -> JobTask {
        parameters.map { definition.overridden(by: $0).task } ?? self
    }

    /// Every task that is given; a well-formed request has exactly one.
    public static func all(reading reader: ObjectReader) -> [JobTask] {
        Kind.allCases.compactMap { read($0.definition, reader) }
    }

    private static func read<Definition: TaskDefinition>(_ type: Definition.Type, _ reader: ObjectReader) -> JobTask? {
        let task: Definition? = reader.structure(type.kind.rawValue)
        return task?.task
    }

    /// Writes the one member, for example `"spark_python_task":{...}`.
    public func write(to writer: inout JSONWriter) { Self.write(definition, to: &writer) }

    private static func write<Definition: TaskDefinition>(_ task: Definition, to writer: inout JSONWriter) {
        writer.member(Definition.kind.rawValue, task)
    }
}
