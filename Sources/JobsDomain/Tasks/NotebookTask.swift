// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "NotebookTask".
public struct NotebookTask: TaskDefinition {
    public static let kind = JobTask.Kind.notebook
    public static let summary = "Runs a notebook."
    public static let memberDescriptions = """
        notebook_path The absolute path of the notebook. {"pattern":"^/"}
        revision_timestamp The revision in force at this time. {"minimum":0}
        base_parameters Parameters, ASCII only; those of run-now are merged over them.
        source WORKSPACE.
        """

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

extension NotebookTask {
    public var task: JobTask { .notebook(self) }

    /// The instant whose revision is to run; nil: the one of the time when the run is asked for. Clients in languages
    /// without optional numbers send 0 for none.
    public var revisionTime: Timestamp? {
        revisionTimestamp.flatMap { $0 > 0 ? Timestamp(milliseconds: $0) : nil }
    }

    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {
        // A required text that is empty was reported as missing when it was read.
        if !notebookPath.isEmpty {
            PathRule.validateWorkspacePath(notebookPath, context, member: "notebook_path")
        }
        if let revisionTimestamp, revisionTimestamp < 0 {
            context.invalid(
                "revision_timestamp", given: "\(revisionTimestamp)", allowed: "0 or more, in epoch milliseconds")
        }
        ParameterRules.validateASCII(baseParameters ?? [:], context, member: "base_parameters")
    }

    /// The notebook may be imported after the job is made.
    public var softReferences: [SettingsReference] {
        guard let path = try? WorkspacePath(notebookPath) else { return [] }
        let notebook = SettingsReference(.notebook(path, at: nil), path: "\(Self.kind.rawValue).notebook_path")
        let revision = revisionTime.map { time in
            SettingsReference(.notebook(path, at: time), path: "\(Self.kind.rawValue).revision_timestamp")
        }
        return [notebook] + (revision.map { [$0] } ?? [])
    }

    public func substituting(_ variables: ContextVariables) -> Self {
        var task = self
        task.baseParameters = baseParameters?.mapValues(variables.substituted)
        return task
    }

    /// notebook_params merge over base_parameters.
    public func overridden(by parameters: RunParameters) -> Self {
        guard case .notebook(let map) = parameters else { return self }
        var task = self
        task.baseParameters = (baseParameters ?? [:]).merging(map) { _, new in new }
        return task
    }
}
