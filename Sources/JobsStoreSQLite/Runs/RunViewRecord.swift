// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import JobsStore

/// The columns of a `RunView`.
enum RunViewRecord {
    private static let columns = """
        r.run_id, r.job_id, number_in_job, COALESCE(original_attempt_run_id, r.run_id) AS original_attempt_run_id,
            attempt_number, COALESCE(job_run_id, r.run_id) AS job_run_id, r.task_key, r.task_kind,
            life_cycle_state, result_state, state_message, user_cancelled_or_timedout,
            trigger_type, run_type, r.run_name, r.creator_user_name,
            start_time, execution_start, execution_end, end_time,
            cluster_id, spark_context_id, r.definition_id, overriding_parameters,
            exit_code, signal, cpu_ms, peak_memory_bytes
        """
    private static let joins = "JOIN jobs j ON j.job_id = r.job_id"

    static let ofOneRunSQL = "SELECT \(columns) FROM runs r \(joins) WHERE r.run_id = ? AND j.deleted_time IS NULL"

    /// The rows of a page, each with the id of the newest run of all. `page` selects the ids, as `page_run_id`.
    static func pageSQL(_ page: String) -> String {
        """
        SELECT \(columns), (SELECT MAX(run_id) FROM runs) AS newest_run_id
        FROM (\(page)) CROSS JOIN runs r ON r.run_id = page_run_id \(joins)
        """
    }

    static func view(_ row: Row, _ definitions: DefinitionCache, in db: Database) throws -> RunView {
        RunView(
            id: row.runID("run_id"), jobID: row.jobID("job_id"), numberInJob: row["number_in_job"],
            originalAttemptRunID: row.runID("original_attempt_run_id"), attemptNumber: row["attempt_number"],
            jobRunID: row.runID("job_run_id"), taskKey: row["task_key"], taskKind: try row.enumeration("task_kind"),
            state: try RunState(row), trigger: try row.enumeration("trigger_type"),
            runType: try row.enumeration("run_type"), runName: row["run_name"],
            creatorUserName: row["creator_user_name"], times: RunTimes(row), clusterInstance: ClusterInstance(row),
            definition: try definitions.definition(DefinitionID(row["definition_id"]), in: db),
            overridingParameters: try RunParameters(row), usage: TaskUsage(row))
    }
}

extension RunParameters {
    /// The column overriding_parameters.
    /// - Throws: `DatabaseError` (SQLITE_CORRUPT) for a text that is no parameters.
    init?(_ row: Row) throws {
        guard let json: String = row["overriding_parameters"] else { return nil }
        guard case .object(let object)? = try? JSONParser.parse(json),
            let parameters = RunParameters.all(reading: ObjectReader(object, report: ReadingReport())).first
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable overriding_parameters in runs") }
        self = parameters
    }
}
