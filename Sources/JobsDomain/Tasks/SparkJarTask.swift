// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "SparkJarTask".
public struct SparkJarTask: TaskDefinition {
    public static let kind = JobTask.Kind.sparkJar
    public static let summary = "Runs a class of a JAR."
    public static let memberDescriptions = """
        jar_uri Deprecated: a JAR; better among the libraries.
        main_class_name The full name of the class. {"minLength":1}
        parameters Arguments of its main method.
        """

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

extension SparkJarTask {
    public var task: JobTask { .sparkJar(self) }

    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {
        if let jarURI, !jarURI.isEmpty { FileURIRule.validate(jarURI, context, member: "jar_uri") }
        context.executable("parameters", parameters ?? [])
    }

    public func substituting(_ variables: ContextVariables) -> Self {
        var task = self
        task.parameters = parameters?.map(variables.substituted)
        return task
    }

    public func overridden(by parameters: RunParameters) -> Self {
        guard case .jar(let list) = parameters else { return self }
        var task = self
        task.parameters = list
        return task
    }
}
