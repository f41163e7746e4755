// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Directories, notebooks and their revisions; secret scopes.
enum V006_Workspace {
    static let sql = """
        CREATE TABLE workspace_objects (
            object_id    INTEGER PRIMARY KEY AUTOINCREMENT,
            parent_id    INTEGER REFERENCES workspace_objects (object_id),
            name         TEXT NOT NULL CHECK (instr(name, '/') = 0 AND name NOT IN ('.', '..')),
            kind         TEXT NOT NULL CHECK (kind IN ('DIRECTORY', 'NOTEBOOK')),
            created_time INTEGER NOT NULL,
            CHECK ((parent_id IS NULL) = (name = '')),
            CHECK (parent_id IS NOT NULL OR kind = 'DIRECTORY')
        ) STRICT;
        CREATE UNIQUE INDEX workspace_objects_by_name ON workspace_objects (parent_id, name);
        CREATE UNIQUE INDEX workspace_root ON workspace_objects (name) WHERE parent_id IS NULL;
        CREATE TRIGGER workspace_parents_are_directories BEFORE INSERT ON workspace_objects
            WHEN NEW.parent_id IS NOT NULL
                AND (SELECT kind FROM workspace_objects WHERE object_id = NEW.parent_id) IS NOT 'DIRECTORY'
            BEGIN SELECT RAISE(ABORT, 'a parent is a directory'); END;

        -- Where everybody expects to find something.
        INSERT INTO workspace_objects (object_id, parent_id, name, kind, created_time) VALUES
            (1, NULL, '', 'DIRECTORY', 0), (2, 1, 'Users', 'DIRECTORY', 0), (3, 1, 'Shared', 'DIRECTORY', 0);

        CREATE TABLE notebook_revisions (
            revision_id  INTEGER PRIMARY KEY AUTOINCREMENT,
            object_id    INTEGER NOT NULL REFERENCES workspace_objects (object_id),
            written_time INTEGER NOT NULL,
            user_name    TEXT NOT NULL,
            language     TEXT NOT NULL CHECK (language IN ('PYTHON', 'SQL', 'SCALA', 'R')),
            format       TEXT NOT NULL CHECK (format IN ('SOURCE', 'JUPYTER', 'HTML')),
            content      BLOB NOT NULL  -- the file as it was imported
        ) STRICT;
        CREATE INDEX notebook_revisions_by_time ON notebook_revisions (object_id, written_time, revision_id);
        CREATE TRIGGER notebook_revisions_are_of_notebooks BEFORE INSERT ON notebook_revisions
            WHEN (SELECT kind FROM workspace_objects WHERE object_id = NEW.object_id) IS NOT 'NOTEBOOK'
            BEGIN SELECT RAISE(ABORT, 'a revision is of a notebook'); END;
        CREATE TRIGGER notebook_revisions_stay BEFORE UPDATE ON notebook_revisions
            BEGIN SELECT RAISE(ABORT, 'a revision never changes'); END;

        CREATE TABLE secret_scopes (
            scope_id     INTEGER PRIMARY KEY AUTOINCREMENT,
            name         TEXT NOT NULL COLLATE NOCASE UNIQUE,
            created_time INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE secret_permissions (
            scope_id   INTEGER NOT NULL REFERENCES secret_scopes (scope_id) ON DELETE CASCADE,
            principal  TEXT NOT NULL,
            permission TEXT NOT NULL CHECK (permission IN ('READ', 'WRITE', 'MANAGE')),
            PRIMARY KEY (scope_id, principal)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE secrets (
            secret_id    INTEGER PRIMARY KEY,
            scope_id     INTEGER NOT NULL REFERENCES secret_scopes (scope_id) ON DELETE CASCADE,
            key          TEXT NOT NULL COLLATE NOCASE,
            sealed       BLOB NOT NULL,  -- AES-GCM; never the value itself
            key_id       TEXT NOT NULL,
            updated_time INTEGER NOT NULL,
            UNIQUE (scope_id, key)
        ) STRICT;
        """
}
