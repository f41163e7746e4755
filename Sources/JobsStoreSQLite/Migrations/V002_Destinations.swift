// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Notification destinations.
enum V002_Destinations {
    static let sql = """
        CREATE TABLE notification_destinations (
            sequence       INTEGER PRIMARY KEY AUTOINCREMENT,
            destination_id TEXT NOT NULL UNIQUE,
            display_name   TEXT NOT NULL,
            config         TEXT NOT NULL,  -- JSON
            created_time   INTEGER NOT NULL
        ) STRICT;
        """
}
