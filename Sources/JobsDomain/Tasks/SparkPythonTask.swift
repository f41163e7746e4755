// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "SparkPythonTask".
public struct SparkPythonTask: TaskDefinition {
    public static let kind = JobTask.Kind.sparkPython
    public static let summary = "Runs a Python file."
    public static let memberDescriptions = """
        python_file The file: dbfs:/... or s3://.... {"minLength":1}
        parameters Its command line arguments.
        """

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

extension SparkPythonTask {
    public var task: JobTask { .sparkPython(self) }

    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {
        // A required text that is empty was reported as missing when it was read.
        if !pythonFile.isEmpty { FileURIRule.validate(pythonFile, context, member: "python_file") }
        context.executable("parameters", parameters ?? [])
    }

    public func substituting(_ variables: ContextVariables) -> Self {
        var task = self
        task.parameters = parameters?.map(variables.substituted)
        return task
    }

    public func overridden(by parameters: RunParameters) -> Self {
        guard case .python(let list) = parameters else { return self }
        var task = self
        task.parameters = list
        return task
    }
}
