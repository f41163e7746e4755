// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Jobs, runs, their transitions, idempotency tokens, access tokens.
///
/// The rules that must never be broken stand here as constraints and triggers, so that no bug above can break them:
/// the edges of the life cycle (contract E1), a result that never changes (E2), numbers that are unique per job (D1),
/// one run per idempotency token (D3).
enum V001_Jobs {
    static let sql = """
        -- Settings as they were at some time. Jobs and runs refer to them, so that a run keeps the settings it was
        -- created with and a million runs of a job do not repeat them.
        CREATE TABLE definitions (
            definition_id     INTEGER PRIMARY KEY,
            settings          TEXT NOT NULL,  -- nested form, with tasks
            settings_v2_0     TEXT NOT NULL,  -- answers of API 2.0, ready to be copied
            task_v2_0         TEXT NOT NULL,
            cluster_spec_v2_0 TEXT NOT NULL,
            schedule_v2_0     TEXT,
            unknown_fields    TEXT            -- JSON array; NULL: none
        ) STRICT;

        CREATE TABLE jobs (
            job_id              INTEGER PRIMARY KEY AUTOINCREMENT,
            is_submission       INTEGER NOT NULL CHECK (is_submission IN (0, 1)),
            creator_user_name   TEXT NOT NULL,
            created_time        INTEGER NOT NULL,
            definition_id       INTEGER NOT NULL REFERENCES definitions,
            max_concurrent_runs INTEGER NOT NULL CHECK (max_concurrent_runs BETWEEN 0 AND 1000),
            timeout_seconds     INTEGER NOT NULL CHECK (timeout_seconds >= 0),
            run_name            TEXT NOT NULL,
            last_number         INTEGER NOT NULL DEFAULT 0,
            deleted_time        INTEGER
        ) STRICT;
        CREATE INDEX jobs_visible ON jobs (job_id) WHERE deleted_time IS NULL AND is_submission = 0;

        CREATE TABLE runs (
            run_id                  INTEGER PRIMARY KEY AUTOINCREMENT,
            job_id                  INTEGER NOT NULL REFERENCES jobs,
            number_in_job           INTEGER NOT NULL CHECK (number_in_job >= 1),
            task_key                TEXT NOT NULL,
            parent_run_id           INTEGER REFERENCES runs ON DELETE CASCADE,
            original_attempt_run_id INTEGER CHECK ((original_attempt_run_id IS NULL) = (attempt_number = 0)),
            attempt_number          INTEGER NOT NULL CHECK (attempt_number >= 0),
            definition_id           INTEGER NOT NULL REFERENCES definitions,
            run_type                TEXT NOT NULL CHECK (run_type IN ('JOB_RUN', 'WORKFLOW_RUN', 'SUBMIT_RUN')),
            trigger_type            TEXT NOT NULL CHECK (trigger_type IN ('PERIODIC', 'ONE_TIME', 'RETRY')),
            creator_user_name       TEXT NOT NULL,
            run_name                TEXT NOT NULL,
            overriding_parameters   TEXT,
            life_cycle_state        TEXT NOT NULL CHECK (life_cycle_state IN
                ('PENDING', 'RUNNING', 'TERMINATING', 'TERMINATED', 'SKIPPED', 'INTERNAL_ERROR')),
            result_state            TEXT CHECK (result_state IN ('SUCCESS', 'FAILED', 'TIMEDOUT', 'CANCELED')),
            state_message           TEXT NOT NULL,
            user_cancelled_or_timedout INTEGER NOT NULL CHECK (user_cancelled_or_timedout IN (0, 1)),
            timeout_seconds         INTEGER NOT NULL CHECK (timeout_seconds >= 0),
            start_time              INTEGER NOT NULL,
            execution_start         INTEGER,
            execution_end           INTEGER,
            end_time                INTEGER,
            cluster_id              TEXT,
            spark_context_id        TEXT,
            exit_code               INTEGER,
            signal                  INTEGER,
            cpu_ms                  INTEGER,
            peak_memory_bytes       INTEGER,
            UNIQUE (job_id, number_in_job),
            CHECK ((result_state IS NULL) OR life_cycle_state IN ('TERMINATING', 'TERMINATED', 'INTERNAL_ERROR')),
            CHECK ((result_state IS NOT NULL) OR life_cycle_state NOT IN ('TERMINATING', 'TERMINATED')),
            CHECK ((end_time IS NOT NULL) = (life_cycle_state IN ('TERMINATED', 'SKIPPED', 'INTERNAL_ERROR')))
        ) STRICT;

        CREATE INDEX runs_by_start ON runs (start_time DESC, run_id DESC);
        CREATE INDEX runs_by_job_and_start ON runs (job_id, start_time DESC, run_id DESC);
        CREATE INDEX runs_active ON runs (job_id, life_cycle_state)
            WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING');
        CREATE INDEX runs_active_by_start ON runs (start_time DESC, run_id DESC)
            WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING');
        CREATE INDEX runs_deadline ON runs (start_time + timeout_seconds * 1000)
            WHERE timeout_seconds > 0 AND life_cycle_state IN ('PENDING', 'RUNNING');
        CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
        CREATE INDEX runs_by_original ON runs (original_attempt_run_id) WHERE original_attempt_run_id IS NOT NULL;

        CREATE TRIGGER runs_begin BEFORE INSERT ON runs
            WHEN NEW.life_cycle_state NOT IN ('PENDING', 'SKIPPED')
            BEGIN SELECT RAISE(ABORT, 'a run begins PENDING or SKIPPED'); END;

        CREATE TRIGGER runs_edges BEFORE UPDATE OF life_cycle_state ON runs
            WHEN OLD.life_cycle_state || '>' || NEW.life_cycle_state NOT IN (
                'PENDING>RUNNING', 'PENDING>TERMINATING', 'PENDING>SKIPPED', 'PENDING>INTERNAL_ERROR',
                'RUNNING>TERMINATING', 'RUNNING>INTERNAL_ERROR',
                'TERMINATING>TERMINATED', 'TERMINATING>INTERNAL_ERROR')
            BEGIN SELECT RAISE(ABORT, 'no such edge in the life cycle of a run'); END;

        CREATE TRIGGER runs_result_is_final BEFORE UPDATE OF result_state ON runs
            WHEN OLD.result_state IS NOT NULL AND NEW.result_state IS NOT OLD.result_state
            BEGIN SELECT RAISE(ABORT, 'the result of a run never changes'); END;

        CREATE TABLE run_transitions (
            run_id        INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            sequence      INTEGER NOT NULL,
            time          INTEGER NOT NULL,
            from_state    TEXT,
            to_state      TEXT NOT NULL,
            result_state  TEXT,
            state_message TEXT NOT NULL,
            user_cancelled_or_timedout INTEGER NOT NULL,
            PRIMARY KEY (run_id, sequence)
        ) STRICT, WITHOUT ROWID;

        -- Rows stay when their run is deleted: the token must not launch another one.
        CREATE TABLE idempotency_tokens (
            token          TEXT PRIMARY KEY CHECK (length(token) BETWEEN 1 AND 64),
            run_id         INTEGER NOT NULL,
            request_digest TEXT NOT NULL,
            created_time   INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE access_tokens (
            token_id     INTEGER PRIMARY KEY AUTOINCREMENT,
            hash         BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            user_name    TEXT NOT NULL,
            is_admin     INTEGER NOT NULL CHECK (is_admin IN (0, 1)),
            comment      TEXT NOT NULL,
            created_time INTEGER NOT NULL,
            expiry_time  INTEGER,
            revoked_time INTEGER
        ) STRICT;
        """
}
