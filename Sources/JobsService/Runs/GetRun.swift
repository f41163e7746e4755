// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

extension RunService {
    /// `GET jobs/runs/get` (contract D5).
    public func get(_ decoded: DecodedRequest<RunIDRequest>) async throws -> RunView {
        try await visible(try decoded.checked().runID)
    }

    /// A run's transitions, and the warning that it takes long, if one was due (ours).
    public func transitions(
        _ decoded: DecodedRequest<RunIDRequest>
    ) async throws -> ([RunTransition], HealthWarning?) {
        let run = try await visible(try decoded.checked().runID)
        return (try await store.transitions(of: run.id), try await store.healthWarning(of: run.id))
    }

    func visible(_ run: RunID) async throws -> RunView {
        guard let view = try await store.run(run) else { throw APIError.runDoesNotExist(run) }
        return view
    }
}

extension RunView {
    /// The members of "Run".
    /// - Parameter baseURL: where the pages are, for example `http://127.0.0.1:8080`.
    public func write(to writer: inout JSONWriter, baseURL: String) {
        writer.member("job_id", jobID.rawValue)
        writer.member("run_id", id.rawValue)
        writer.member("creator_user_name", creatorUserName)
        writer.member("number_in_job", numberInJob)
        writer.member("original_attempt_run_id", originalAttemptRunID.rawValue)
        writer.key("state")
        writer.object(state.write)
        writer.member("schedule", raw: scheduleV2_0)
        writer.member("task", raw: taskV2_0)
        writer.member("cluster_spec", raw: clusterSpecV2_0)
        if let clusterInstance {
            writer.key("cluster_instance")
            writer.object { writer in
                writer.member("cluster_id", clusterInstance.clusterID.rawValue)
                writer.member("spark_context_id", clusterInstance.sparkContextID)
            }
        }
        writer.member("overriding_parameters", raw: overridingParametersV2_0)
        writer.member("start_time", times.start.milliseconds)
        writer.member("setup_duration", times.setupDuration)
        writer.member("execution_duration", times.executionDuration)
        writer.member("cleanup_duration", times.cleanupDuration)
        writer.member("end_time", times.end?.milliseconds ?? 0)
        writer.member("trigger", trigger.rawValue)
        writer.member("run_name", runName)
        writer.member("run_page_url", "\(baseURL)/?o=0#job/\(jobID)/run/\(id)")
        writer.member("run_type", runType.rawValue)
        writer.member("attempt_number", attemptNumber)
        writer.member("format", JobSettings.format)
    }
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
