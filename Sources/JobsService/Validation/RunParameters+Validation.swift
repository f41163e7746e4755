// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON

/// Contract D1, D3 and C5's limit for run-now parameters.
enum RunRequestRules {
    /// "The JSON representation of this field cannot exceed 10,000 bytes."
    static let parameterBytes = 10_000
    static let idempotencyTokenCharacters = 64

    static func validate(_ parameters: [RunParameters], _ context: RuleContext) {
        let report = context.report
        if parameters.count > 1 {
            report.invalid(
                "At most one kind of parameters may be specified; given: "
                    + parameters.map(\.memberName).joined(separator: ", ") + ".")
        }
        for parameter in parameters {
            let size = parameter.json.utf8.count
            if size > parameterBytes {
                report.invalid(
                    "Invalid value for \(parameter.memberName): \(size) bytes as JSON. "
                        + "Allowed: at most \(parameterBytes) bytes.")
            }
            ParameterRules.validateASCII(parameter, context)
            if case .sparkSubmit(let list) = parameter {
                SparkSubmitTask.validate(list, context, member: parameter.memberName)
            }
        }
    }

    static func validate(idempotencyToken token: String?, _ report: ReadingReport) {
        guard let token else { return }
        if token.unicodeScalars.count > idempotencyTokenCharacters {
            report.invalid(
                "Invalid value for idempotency_token: \(token.unicodeScalars.count) characters. "
                    + "Allowed: at most \(idempotencyTokenCharacters) characters.")
        }
    }

    /// The kind of the parameters must be the one that the job's task takes.
    static func check(_ parameters: RunParameters?, fit settings: JobSettings) throws(APIError) {
        guard let parameters, let task = settings.firstTask?.task else { return }
        guard parameters.taskMemberName == task.memberName else {
            throw .invalid(
                "\(parameters.memberName) is for jobs with a \(parameters.taskMemberName); "
                    + "this job has a \(task.memberName).")
        }
    }
}

/// "These parameters accept only Latin characters (ASCII character set)": said of python_params, spark_submit_params
/// and "ParamPair", not of jar_params.
enum ParameterRules {
    static func validateASCII(_ parameters: RunParameters, _ context: RuleContext) {
        switch parameters {
        case .jar: break
        case .notebook(let map): validateASCII(map, context, member: parameters.memberName)
        case .python(let list), .sparkSubmit(let list):
            for (index, text) in list.enumerated() { context.ascii("\(parameters.memberName)[\(index)]", text) }
        }
    }

    static func validateASCII(_ map: [String: String], _ context: RuleContext, member: String) {
        for (key, value) in map.sorted(by: { $0.key < $1.key }) {
            context.ascii("\(member).\(key)", key)
            context.ascii("\(member).\(key)", value)
        }
    }
}
