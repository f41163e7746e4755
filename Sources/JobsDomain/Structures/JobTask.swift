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

    /// The names of the six, as the specification's either-or group lists them, and of the seventh.
    public static let memberNames = [
        "notebook_task", "spark_jar_task", "spark_python_task", "spark_submit_task", "pipeline_task", "run_job_task",
        "shell_command_task",
    ]

    public var memberName: String {
        switch self {
        case .notebook: "notebook_task"
        case .sparkJar: "spark_jar_task"
        case .sparkPython: "spark_python_task"
        case .sparkSubmit: "spark_submit_task"
        case .pipeline: "pipeline_task"
        case .runJob: "run_job_task"
        case .shellCommand: "shell_command_task"
        }
    }

    /// True for the tasks that run on a cluster of ours; the others have compute of their own.
    public var needsCluster: Bool {
        switch self {
        case .notebook, .sparkJar, .sparkPython, .sparkSubmit, .shellCommand: true
        case .pipeline, .runJob: false
        }
    }
}

extension JobTask {
    /// Every task that is given; a well-formed request has exactly one.
    public static func all(reading reader: ObjectReader) -> [JobTask] {
        var tasks: [JobTask] = []
        if let task: NotebookTask = reader.structure("notebook_task") { tasks.append(.notebook(task)) }
        if let task: SparkJarTask = reader.structure("spark_jar_task") { tasks.append(.sparkJar(task)) }
        if let task: SparkPythonTask = reader.structure("spark_python_task") { tasks.append(.sparkPython(task)) }
        if let task: SparkSubmitTask = reader.structure("spark_submit_task") { tasks.append(.sparkSubmit(task)) }
        if let task: PipelineTask = reader.structure("pipeline_task") { tasks.append(.pipeline(task)) }
        if let task: RunJobTask = reader.structure("run_job_task") { tasks.append(.runJob(task)) }
        if let task: ShellCommandTask = reader.structure("shell_command_task") { tasks.append(.shellCommand(task)) }
        return tasks
    }

    /// Writes the one member, for example `"spark_python_task":{...}`.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .notebook(let task): writer.member(memberName, task)
        case .sparkJar(let task): writer.member(memberName, task)
        case .sparkPython(let task): writer.member(memberName, task)
        case .sparkSubmit(let task): writer.member(memberName, task)
        case .pipeline(let task): writer.member(memberName, task)
        case .runJob(let task): writer.member(memberName, task)
        case .shellCommand(let task): writer.member(memberName, task)
        }
    }
}

/// "NotebookTask".
public struct NotebookTask: Equatable, Sendable, JSONStructure {
    public var notebookPath: String
    public var revisionTimestamp: Int64?
    public var baseParameters: [String: String]?
    public var source: String?

    public init(notebookPath: String, baseParameters: [String: String]? = nil) {
        self.notebookPath = notebookPath
        self.baseParameters = baseParameters
    }

    public init(reading reader: ObjectReader) {
        notebookPath = reader.requiredString("notebook_path")
        revisionTimestamp = reader.int64("revision_timestamp")
        baseParameters = reader.stringMap("base_parameters")
        source = reader.string("source")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("notebook_path", notebookPath)
        writer.member("revision_timestamp", revisionTimestamp)
        writer.member("base_parameters", baseParameters)
        writer.member("source", source)
    }
}

/// "SparkJarTask".
public struct SparkJarTask: Equatable, Sendable, JSONStructure {
    /// Deprecated by the specification in favour of `libraries`; still installed like a jar library.
    public var jarURI: String?
    public var mainClassName: String
    public var parameters: [String]?

    public init(reading reader: ObjectReader) {
        jarURI = reader.string("jar_uri")
        mainClassName = reader.requiredString("main_class_name")
        parameters = reader.strings("parameters")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("jar_uri", jarURI)
        writer.member("main_class_name", mainClassName)
        writer.member("parameters", parameters)
    }
}

/// "SparkPythonTask".
public struct SparkPythonTask: Equatable, Sendable, JSONStructure {
    /// `dbfs:/...`, `s3://...` or, where the administrator allows it, `file:/...`.
    public var pythonFile: String
    public var parameters: [String]?

    public init(pythonFile: String, parameters: [String]? = nil) {
        self.pythonFile = pythonFile
        self.parameters = parameters
    }

    public init(reading reader: ObjectReader) {
        pythonFile = reader.requiredString("python_file")
        parameters = reader.strings("parameters")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("python_file", pythonFile)
        writer.member("parameters", parameters)
    }
}

/// "SparkSubmitTask".
public struct SparkSubmitTask: Equatable, Sendable, JSONStructure {
    public var parameters: [String]?

    public init(reading reader: ObjectReader) { parameters = reader.strings("parameters") }

    public func write(to writer: inout JSONWriter) { writer.member("parameters", parameters) }
}

/// "PipelineTask".
public struct PipelineTask: Equatable, Sendable, JSONStructure {
    public var pipelineID: String

    public init(reading reader: ObjectReader) { pipelineID = reader.requiredString("pipeline_id") }

    public func write(to writer: inout JSONWriter) { writer.member("pipeline_id", pipelineID) }
}

/// "RunJobTask"; the id is taken as INT64, as ids are elsewhere.
public struct RunJobTask: Equatable, Sendable, JSONStructure {
    public var jobID: JobID

    public init(reading reader: ObjectReader) { jobID = JobID(reader.requiredInt64("job_id")) }

    public func write(to writer: inout JSONWriter) { writer.member("job_id", jobID.rawValue) }
}

/// "ShellCommandTask", which the specification does not have: mlflow sends its projects as one.
public struct ShellCommandTask: Equatable, Sendable, JSONStructure {
    /// The program, found on the task's PATH, and its arguments; run as they are, by no shell.
    public var command: [String]
    /// Set over everything that the task's environment has otherwise.
    public var envVars: [String: String]?

    public init(command: [String], envVars: [String: String]? = nil) {
        self.command = command
        self.envVars = envVars
    }

    /// An empty command counts as missing.
    public init(reading reader: ObjectReader) {
        let given = reader.strings("command")
        if given?.isEmpty ?? !reader.has("command") { reader.missing("command") }
        command = given ?? []
        envVars = reader.stringMap("env_vars")
    }

    public func write(to writer: inout JSONWriter) {
        writer.member("command", command)
        writer.member("env_vars", envVars)
    }
}
