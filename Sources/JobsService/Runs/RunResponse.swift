// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore

/// A run as an API version answers it ("Run").
public struct RunResponse: Sendable {
    public let run: RunView
    let rendering: RunRendering

    /// - Parameter baseURL: where the pages are, for example `http://127.0.0.1:8080`.
    public func write(to writer: inout JSONWriter, baseURL: String) {
        writer.member("job_id", run.jobID.rawValue)
        writer.member("run_id", run.id.rawValue)
        writer.member("creator_user_name", run.creatorUserName)
        writer.member("number_in_job", run.numberInJob)
        writer.member("original_attempt_run_id", run.originalAttemptRunID.rawValue)
        writer.key("state")
        writer.object(run.state.write)
        // The specification: only where the scheduler fired the run.
        if run.trigger == .periodic { writer.member("schedule", raw: rendering.schedule) }
        writer.member("task", raw: rendering.task)
        writer.member("cluster_spec", raw: rendering.clusterSpec)
        if let cluster = run.clusterInstance {
            writer.key("cluster_instance")
            writer.object { writer in
                writer.member("cluster_id", cluster.clusterID.rawValue)
                writer.member("spark_context_id", cluster.sparkContextID)
            }
        }
        if let parameters = run.overridingParameters {
            writer.key("overriding_parameters")
            writer.object(parameters.write)
        }
        writer.member("start_time", run.times.start.milliseconds)
        writer.member("setup_duration", run.times.setupDuration)
        writer.member("execution_duration", run.times.executionDuration)
        writer.member("cleanup_duration", run.times.cleanupDuration)
        writer.member("end_time", run.times.end?.milliseconds ?? 0)
        writer.member("trigger", run.trigger.rawValue)
        writer.member("run_name", run.runName)
        writer.member("run_page_url", "\(baseURL)/?o=0#job/\(run.jobID)/run/\(run.id)")
        writer.member("run_type", run.runType.rawValue)
        writer.member("attempt_number", run.attemptNumber)
        writer.member("format", JobSettings.format)
    }
}

/// A page of runs/list.
public struct RunListResponse: Sendable {
    public let runs: [RunResponse]
    public let hasMore: Bool
}

extension RunState {
    /// The members of "RunState".
    public func write(to writer: inout JSONWriter) {
        writer.member("life_cycle_state", lifeCycleState.rawValue)
        writer.member("result_state", resultState?.rawValue)
        writer.member("user_cancelled_or_timedout", userCancelledOrTimedOut)
        writer.member("state_message", stateMessage)
    }
}
