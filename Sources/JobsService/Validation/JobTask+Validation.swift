// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// Contract C5 and C6.
extension JobTask {
    func validate(_ context: RuleContext, cluster: ClusterChoice?, libraries: [Library]) {
        switch self {
        case .notebook(let task): task.validate(context.at("notebook_task"))
        case .sparkSubmit(let task): task.validate(context, cluster: cluster, libraries: libraries)
        case .sparkPython(let task):
            // A required text that is empty was reported as missing when it was read; so below.
            if !task.pythonFile.isEmpty {
                FileURIRule.validate(task.pythonFile, context.at("spark_python_task"), member: "python_file")
            }
            context.at("spark_python_task").executable("parameters", task.parameters ?? [])
        case .sparkJar(let task):
            if let uri = task.jarURI, !uri.isEmpty {
                FileURIRule.validate(uri, context.at("spark_jar_task"), member: "jar_uri")
            }
            context.at("spark_jar_task").executable("parameters", task.parameters ?? [])
        case .shellCommand(let task): task.validate(context.at("shell_command_task"))
        case .pipeline, .runJob: break
        }
    }
}

extension NotebookTask {
    func validate(_ context: RuleContext) {
        if !notebookPath.isEmpty {
            PathRule.validateWorkspacePath(notebookPath, context, member: "notebook_path")
        }
        if let revisionTimestamp, revisionTimestamp < 0 {
            context.invalid(
                "revision_timestamp", given: "\(revisionTimestamp)", allowed: "0 or more, in epoch milliseconds")
        }
        ParameterRules.validateASCII(baseParameters ?? [:], context, member: "base_parameters")
    }
}

extension SparkSubmitTask {
    /// What the service configures itself (contract C6).
    private static let refusedOptions = ["--master", "--deploy-mode", "--executor-cores"]

    func validate(_ context: RuleContext, cluster: ClusterChoice?, libraries: [Library]) {
        switch cluster {
        case .existing:
            context.report.invalid("Spark submit task is not allowed on existing cluster.")
        case .new(let cluster) where cluster.sparkConf?.isEmpty == false:
            context.invalid(
                "new_cluster.spark_conf", given: "settings",
                allowed: "none with spark_submit_task, whose parameters take --conf instead")
        case .new, nil: break
        }
        if !libraries.isEmpty {
            context.invalid(
                "libraries", given: "\(libraries.count) libraries",
                allowed: "none with spark_submit_task, whose parameters take --jars and --py-files instead")
        }
        context.at("spark_submit_task").executable("parameters", parameters ?? [])
        Self.validate(parameters ?? [], context.at("spark_submit_task"), member: "parameters")
    }

    static func validate(_ parameters: [String], _ context: RuleContext, member: String) {
        for parameter in parameters {
            let option = String(parameter.prefix { $0 != "=" })
            guard refusedOptions.contains(option) else { continue }
            context.invalid(
                member, given: option,
                allowed: "any option but --master, --deploy-mode and --executor-cores, which are set by the server")
        }
    }
}
