// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

extension SQLiteStore {
    private static let parentSQL = """
        SELECT p.job_id, p.run_id FROM runs r JOIN runs p ON p.run_id = r.parent_run_id
        WHERE r.run_id = ? AND r.run_type = 'WORKFLOW_RUN'
        """
    private static let childrenSQL = """
        SELECT job_id, run_id FROM runs WHERE parent_run_id = ? AND run_type = 'WORKFLOW_RUN' ORDER BY run_id
        """

    public func relatives(of run: RunID) async throws -> RunRelatives {
        try readBriefly { db in
            RunRelatives(
                parent: try db.cachedStatement(sql: Self.parentSQL).first([run.rawValue], RunRelatives.Relative.init),
                children: try db.cachedStatement(sql: Self.childrenSQL)
                    .all([run.rawValue], RunRelatives.Relative.init))
        }
    }
}

extension RunRelatives.Relative {
    fileprivate init(_ row: Row) { self.init(jobID: row.jobID("job_id"), runID: row.runID("run_id")) }
}
