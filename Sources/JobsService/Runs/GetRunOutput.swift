// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore

/// The answer of `jobs/runs/get-output`.
public struct RunOutput: Sendable {
    public let metadata: RunResponse
    public let output: TaskOutput

    /// The members, in the order of the specification.
    public func write(to writer: inout JSONWriter, baseURL: String) {
        writer.key("metadata")
        writer.object { writer in metadata.write(to: &writer, baseURL: baseURL) }
        if let result = output.notebookResult, metadata.run.state.resultState == .success {
            writer.key("notebook_output")
            writer.object { writer in
                writer.member("result", result.result)
                writer.member("truncated", result.result.map { _ in result.isTruncated })
            }
        }
        writer.member("error", output.error)
        writer.member("error_trace", output.errorTrace)
        // For a notebook the driver's log, usually empty: what cells print is stored with the cells.
        if metadata.run.taskKind == .notebook, output.logs.isEmpty { return }
        writer.member("logs", output.logs)
        writer.member("logs_truncated", output.logsTruncated)
    }
}

extension RunService {
    /// "Databricks restricts this API to return the first 5 MB of the output."
    static let outputBytes = 5 * 1024 * 1024

    /// `GET jobs/runs/get-output` (contract D8).
    public func output(_ decoded: DecodedRequest<RunIDRequest>) async throws -> RunOutput {
        let run = try await visible(try decoded.checked().runID)
        var output = try await outputs.output(of: run.id, limit: Self.outputBytes)
        // What the service itself says: why a run never started, was cancelled or timed out.
        let failed =
            run.state.lifeCycleState == .skipped || run.state.lifeCycleState == .internalError
            || (run.state.resultState != nil && run.state.resultState != .success)
        if !failed {
            output.error = nil
            output.errorTrace = nil
        } else if output.error == nil || run.state.userCancelledOrTimedOut {
            output.error = run.state.stateMessage
        }
        return RunOutput(metadata: response(run), output: output)
    }
}
