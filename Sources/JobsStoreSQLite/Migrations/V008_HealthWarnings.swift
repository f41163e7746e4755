// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Runs that take longer than their job expects, each told of once.
enum V008_HealthWarnings {
    static let sql = """
        -- health.rules as they were when the run was made; NULL: none.
        ALTER TABLE runs ADD COLUMN expected_seconds INTEGER CHECK (expected_seconds > 0);

        CREATE TABLE health_warnings (
            run_id           INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
            time             INTEGER NOT NULL,
            expected_seconds INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX runs_expected_end ON runs (start_time + expected_seconds * 1000)
            WHERE expected_seconds IS NOT NULL AND life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING');
        """
}
