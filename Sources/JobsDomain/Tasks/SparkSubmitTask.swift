// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// "SparkSubmitTask".
public struct SparkSubmitTask: TaskDefinition {
    public static let kind = JobTask.Kind.sparkSubmit
    public static let summary = "Runs spark-submit; only with new_cluster."
    public static let memberDescriptions = """
        parameters The command line of spark-submit, without --master, --deploy-mode and --executor-cores.
        """

    public var parameters: [String]?

    public init(reading reader: ObjectReader) { parameters = reader.strings("parameters") }

    public func write(to writer: inout JSONWriter) { writer.member("parameters", parameters) }
}

extension SparkSubmitTask {
    public var task: JobTask { .sparkSubmit(self) }

    /// What the service configures itself (contract C6).
    private static let refusedOptions = ["--master", "--deploy-mode", "--executor-cores"]

    public func validate(_ context: RuleContext, _ settings: TaskSettings, outer: RuleContext) {
        switch settings.cluster {
        case .existing:
            outer.report.invalid("Spark submit task is not allowed on existing cluster.")
        case .new(let cluster) where cluster.sparkConf?.isEmpty == false:
            outer.invalid(
                "new_cluster.spark_conf", given: "settings",
                allowed: "none with spark_submit_task, whose parameters take --conf instead")
        case .new, nil: break
        }
        if let count = settings.libraries?.count, count > 0 {
            outer.invalid(
                "libraries", given: "\(count) libraries",
                allowed: "none with spark_submit_task, whose parameters take --jars and --py-files instead")
        }
        context.executable("parameters", parameters ?? [])
        Self.validateOptions(parameters ?? [], context, member: "parameters")
    }

    /// Reports options that the service sets itself; also for the parameters of run-now.
    package static func validateOptions(_ parameters: [String], _ context: RuleContext, member: String) {
        for parameter in parameters {
            let option = String(parameter.prefix { $0 != "=" })
            guard refusedOptions.contains(option) else { continue }
            context.invalid(
                member, given: option,
                allowed: "any option but --master, --deploy-mode and --executor-cores, which are set by the server")
        }
    }

    public func substituting(_ variables: ContextVariables) -> Self {
        var task = self
        task.parameters = parameters?.map(variables.substituted)
        return task
    }

    public func overridden(by parameters: RunParameters) -> Self {
        guard case .sparkSubmit(let list) = parameters else { return self }
        var task = self
        task.parameters = list
        return task
    }
}
