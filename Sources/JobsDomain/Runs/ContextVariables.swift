// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The values that `{{...}}` in parameters stand for when a run starts (contract C10).
public struct ContextVariables: Equatable, Sendable {
    private let values: [String: String]

    /// - Parameters:
    ///   - startTime: when the task starts executing, the cluster being ready.
    ///   - retryCount: 0 on the first attempt.
    public init(
        jobID: JobID, runID: RunID, parentRunID: RunID?, taskKey: String, startTime: Timestamp, retryCount: Int32
    ) {
        values = [
            "job_id": "\(jobID)",
            "run_id": "\(runID)",
            "parent_run_id": "\(parentRunID ?? runID)",
            "task_key": taskKey,
            "start_date": CivilDate(startTime).iso8601,
            "start_time": String(startTime.milliseconds),
            "task_retry_count": String(retryCount),
        ]
    }

    /// Replaces each known `{{name}}`; anything else, also `{{ name }}` with spaces, stays as it is. Substituted values
    /// are not expanded again.
    public func substituted(in text: String) -> String {
        guard text.contains("{{") else { return text }
        var result = ""
        var rest = text[...]
        while let opening = rest.firstRange(of: "{{") {
            result += rest[..<opening.lowerBound]
            let inside = rest[opening.upperBound...]
            if let closing = inside.firstRange(of: "}}"), let value = values[String(inside[..<closing.lowerBound])] {
                result += value
                rest = inside[closing.upperBound...]
            } else {
                // One brace further on, so that `{{{job_id}}` finds the inner one.
                result += "{"
                rest = rest[rest.index(after: opening.lowerBound)...]
            }
        }
        return result + rest
    }
}
