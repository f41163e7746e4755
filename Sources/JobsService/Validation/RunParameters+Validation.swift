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
                SparkSubmitTask.validateOptions(list, context, member: parameter.memberName)
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
        guard parameters.taskKind == task.kind else {
            throw .invalid(
                "\(parameters.memberName) is for jobs with a \(parameters.taskKind.rawValue); "
                    + "this job has a \(task.kind.rawValue).")
        }
    }
}
