// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What limits and retention look things up by.
enum V004_Retention {
    static let sql = """
        CREATE INDEX jobs_by_creation ON jobs (created_time, job_id);
        CREATE INDEX runs_by_end ON runs (end_time) WHERE end_time IS NOT NULL;

        -- A definition goes with the last job or run that has it.
        CREATE INDEX jobs_by_definition ON jobs (definition_id);
        CREATE INDEX runs_by_definition ON runs (definition_id);

        -- What is left of a deleted job refers to this one: that it existed is all that is still to be known.
        INSERT INTO definitions (definition_id, settings, settings_v2_0, task_v2_0, cluster_spec_v2_0)
            VALUES (0, '{}', '{}', '{}', '{}');
        CREATE INDEX jobs_to_clear ON jobs (job_id) WHERE deleted_time IS NOT NULL AND definition_id <> 0;

        -- When the token's run was removed; from then on the token is a tombstone.
        ALTER TABLE idempotency_tokens ADD COLUMN removed_time INTEGER;
        CREATE INDEX idempotency_tokens_by_run ON idempotency_tokens (run_id);
        CREATE INDEX idempotency_tombstones ON idempotency_tokens (removed_time) WHERE removed_time IS NOT NULL;
        CREATE INDEX misfires_by_time ON misfires (recorded_time);
        """
}
