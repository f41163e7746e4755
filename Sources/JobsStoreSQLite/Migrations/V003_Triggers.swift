// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Schedules that fire, what they missed, and the instant for which a run was made.
enum V003_Triggers {
    static let sql = """
        -- Only of jobs that can be seen, with a schedule that is not paused.
        CREATE TABLE triggers (
            job_id         INTEGER PRIMARY KEY REFERENCES jobs,
            expression     TEXT NOT NULL,
            timezone_id    TEXT NOT NULL,
            mark           INTEGER NOT NULL,  -- every instant up to here was dealt with
            next_fire_time INTEGER            -- the first one after the mark; NULL: none
        ) STRICT;
        CREATE INDEX triggers_due ON triggers (next_fire_time) WHERE next_fire_time IS NOT NULL;

        -- Instants that did not become runs: all of the job's schedule in this span.
        CREATE TABLE misfires (
            misfire_id     INTEGER PRIMARY KEY,
            job_id         INTEGER NOT NULL REFERENCES jobs ON DELETE CASCADE,
            first_instant  INTEGER NOT NULL,
            through        INTEGER NOT NULL CHECK (through >= first_instant),
            recorded_time  INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX misfires_by_job ON misfires (job_id, first_instant DESC);

        ALTER TABLE runs ADD COLUMN fire_time INTEGER;
        -- A schedule fires at most once per instant, whoever fires it.
        CREATE UNIQUE INDEX runs_by_fire_time ON runs (job_id, fire_time) WHERE fire_time IS NOT NULL;
        """
}
