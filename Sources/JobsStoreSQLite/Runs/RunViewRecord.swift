// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// A run with all that API 2.0 shows of it.
enum RunViewRecord {
    private static let columns = """
        r.run_id, r.job_id, number_in_job, COALESCE(original_attempt_run_id, r.run_id), attempt_number, task_key,
            life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
            trigger_type, run_type, r.run_name, r.creator_user_name,
            start_time, execution_start, execution_end, end_time,
            cluster_id, spark_context_id, task_v2_0, cluster_spec_v2_0, overriding_parameters, schedule_v2_0,
            exit_code, signal, cpu_ms, peak_memory_bytes
        """
    private static let joins = """
        JOIN jobs j ON j.job_id = r.job_id JOIN definitions d ON d.definition_id = r.definition_id
        """

    static let ofOneRunSQL = "SELECT \(columns) FROM runs r \(joins) WHERE r.run_id = ? AND j.deleted_time IS NULL"

    /// One more column than `view` reads: the newest run there is. `page` gives the ids, as `page_run_id`.
    static func pageSQL(_ page: String) -> String {
        """
        SELECT \(columns), (SELECT MAX(run_id) FROM runs)
        FROM (\(page)) CROSS JOIN runs r ON r.run_id = page_run_id \(joins)
        """
    }

    static let newestRunColumn = 28

    static func view(_ row: Row) -> RunView {
        let trigger = TriggerType(rawValue: row[10]) ?? .oneTime
        return RunView(
            id: RunID(row[0]), jobID: JobID(row[1]), numberInJob: row[2], originalAttemptRunID: RunID(row[3]),
            attemptNumber: row[4], taskKey: row[5], state: RunState(row: row, at: 6), trigger: trigger,
            runType: RunType(rawValue: row[11]) ?? .jobRun, runName: row[12], creatorUserName: row[13],
            times: RunTimes(row: row, at: 14), clusterInstance: ClusterInstance(row: row, at: 18),
            taskV2_0: row[20], clusterSpecV2_0: row[21], overridingParametersV2_0: row[22],
            // The specification: only where the scheduler fired the run.
            scheduleV2_0: trigger == .periodic ? row[23] : nil, usage: TaskUsage(row: row, at: 24))
    }
}

extension ClusterInstance {
    /// Two columns: cluster_id, spark_context_id.
    init?(row: Row, at index: Int) {
        guard let id: String = row[index] else { return nil }
        self.init(clusterID: ClusterID(id), sparkContextID: row[index + 1])
    }
}

extension TaskUsage {
    /// Four columns: exit_code, signal, cpu_ms, peak_memory_bytes.
    fileprivate init?(row: Row, at index: Int) {
        guard let milliseconds: Int64 = row[index + 2] else { return nil }
        self.init(
            exitCode: row[index], signal: row[index + 1], cpuTime: .milliseconds(milliseconds),
            peakMemory: row[index + 3])
    }
}
