// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// Definitions hold settings alone; the kind of the task and the run of the job are columns.
enum V009_TaskKinds {
    static let sql = """
        -- How an API version shows settings is made when it is asked for.
        CREATE TABLE settings_alone (
            definition_id INTEGER PRIMARY KEY,
            settings      TEXT NOT NULL  -- nested form, with tasks
        ) STRICT;
        INSERT INTO settings_alone SELECT definition_id, settings FROM definitions;
        DROP TABLE definitions;
        ALTER TABLE settings_alone RENAME TO definitions;

        -- Of the first task; NULL: what is left of a deleted job.
        ALTER TABLE jobs ADD COLUMN task_key TEXT;
        ALTER TABLE jobs ADD COLUMN task_kind TEXT;
        ALTER TABLE jobs ADD COLUMN expected_seconds INTEGER CHECK (expected_seconds > 0);

        ALTER TABLE runs ADD COLUMN task_kind TEXT;
        -- The run of the job that a run is a task of; NULL: itself.
        ALTER TABLE runs ADD COLUMN job_run_id INTEGER REFERENCES runs ON DELETE CASCADE;
        CREATE INDEX runs_by_job_run ON runs (job_run_id) WHERE job_run_id IS NOT NULL;
        """

    /// After the rows are filled: a column that is added cannot be NOT NULL without a default.
    static let constraints = """
        CREATE TRIGGER runs_have_a_task_kind BEFORE INSERT ON runs WHEN NEW.task_kind IS NULL
            BEGIN SELECT RAISE(ABORT, 'a run has a kind of task'); END;
        CREATE TRIGGER runs_keep_their_task_kind BEFORE UPDATE OF task_kind ON runs
            WHEN NEW.task_kind IS NOT OLD.task_kind
            BEGIN SELECT RAISE(ABORT, 'the kind of a run''s task never changes'); END;
        """

    /// Reads the kinds from the settings of jobs and runs.
    static func fill(in db: Database) throws {
        let definitions = try Row.fetchCursor(
            db, sql: "SELECT definition_id, settings FROM definitions WHERE definition_id <> 0")
        let ofRuns = try db.makeStatement(sql: "UPDATE runs SET task_kind = ? WHERE definition_id = ?")
        let ofJobs = try db.makeStatement(
            sql: "UPDATE jobs SET task_key = ?, task_kind = ?, expected_seconds = ? WHERE definition_id = ?")
        while let row = try definitions.next() {
            let id: Int64 = row["definition_id"]
            // One that cannot be read leaves NULL, which is reported as corrupt when it is read.
            guard let settings = try? DefinitionRecord.settings(row["settings"]), let task = settings.firstTask else {
                continue
            }
            try ofRuns.execute(arguments: [task.task.kind.rawValue, id])
            try ofJobs.execute(arguments: [
                task.taskKey, task.task.kind.rawValue, settings.health?.expectedDuration, id,
            ])
        }
    }
}
