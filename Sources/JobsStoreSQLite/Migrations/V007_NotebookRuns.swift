// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What notebooks that run need: tokens by which they talk to the server, and the values that tasks leave each other.
enum V007_NotebookRuns {
    static let sql = """
        -- A token is good as long as its run is RUNNING; the row goes when that ends.
        CREATE TABLE run_tokens (
            hash   BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX run_tokens_by_run ON run_tokens (run_id);

        CREATE TABLE task_values (
            run_id   INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            task_key TEXT NOT NULL,
            key      TEXT NOT NULL,
            value    TEXT NOT NULL,  -- JSON
            PRIMARY KEY (run_id, task_key, key)
        ) STRICT, WITHOUT ROWID;
        """
}
