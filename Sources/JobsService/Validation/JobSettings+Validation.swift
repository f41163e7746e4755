// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// Where a rule says what it found: a report, and the path under which the settings stand in the request.
struct RuleContext {
    let report: ReadingReport
    let prefix: String
    /// Whether the one who asks may name files of the server's machine.
    let allowsLocalFiles: Bool

    func at(_ member: String) -> RuleContext {
        RuleContext(report: report, prefix: "\(prefix)\(member).", allowsLocalFiles: allowsLocalFiles)
    }

    func invalid(_ member: String, given: String, allowed: String) {
        report.invalid("Invalid value for \(prefix)\(member): \(given.prefix(200)). Allowed: \(allowed).")
    }

    func exactlyOne(_ group: String, of members: [(name: String, isGiven: Bool)]) {
        let given = members.filter(\.isGiven).map(\.name)
        guard given.count != 1 else { return }
        let names = members.map(\.name).joined(separator: ", ")
        let where_ = prefix.isEmpty ? group : "\(prefix.dropLast())"
        report.invalid(
            "Exactly one of \(names) must be specified in \(where_); given: "
                + (given.isEmpty ? "none." : given.joined(separator: ", ") + "."))
    }
}

/// The rules of contract C1, C6, C7 and C8.
extension JobSettings {
    func validate(_ context: RuleContext) {
        if timeoutSeconds < 0 {
            context.invalid("timeout_seconds", given: "\(timeoutSeconds)", allowed: "0 (no timeout) or more")
        }
        if !(0...1000).contains(maxConcurrentRuns) {
            context.invalid("max_concurrent_runs", given: "\(maxConcurrentRuns)", allowed: "0 to 1000")
        }
        for task in tasks { task.validate(context) }
    }
}

extension TaskSettings {
    func validate(_ context: RuleContext) {
        if let maxRetries, maxRetries < -1 {
            context.invalid("max_retries", given: "\(maxRetries)", allowed: "-1 (without end) or more")
        }
        if let interval = minRetryIntervalMillis, interval < 0 {
            context.invalid("min_retry_interval_millis", given: "\(interval)", allowed: "0 or more")
        }
        if case .new(let cluster)? = cluster { cluster.validate(context.at("new_cluster")) }
        for (index, library) in (libraries ?? []).enumerated() { library.validate(context.at("libraries[\(index)]")) }
        task.validate(context, cluster: cluster, libraries: libraries ?? [])
    }
}

extension JobTask {
    func validate(_ context: RuleContext, cluster: ClusterChoice?, libraries: [Library]) {
        switch self {
        case .sparkSubmit(let task):
            task.validate(context, cluster: cluster, libraries: libraries)
        case .sparkPython(let task):
            FileURIRule.validate(task.pythonFile, context.at("spark_python_task"), member: "python_file")
        case .sparkJar(let task):
            if let uri = task.jarURI, !uri.isEmpty {
                FileURIRule.validate(uri, context.at("spark_jar_task"), member: "jar_uri")
            }
            if task.mainClassName.isEmpty, context.report.faults.isEmpty {
                context.invalid("spark_jar_task.main_class_name", given: "\"\"", allowed: "the full name of a class")
            }
        case .shellCommand(let task): task.validate(context.at("shell_command_task"))
        default: break
        }
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
        SparkSubmitTask.validate(parameters ?? [], context.at("spark_submit_task"), member: "parameters")
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
