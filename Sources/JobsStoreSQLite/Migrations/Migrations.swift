// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// All migrations, oldest first. One that has shipped is never edited (docs/checklists/add-a-migration.md).
enum Migrations {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("V001_Jobs") { db in try db.execute(sql: V001_Jobs.sql) }
        migrator.registerMigration("V002_Destinations") { db in try db.execute(sql: V002_Destinations.sql) }
        migrator.registerMigration("V003_Triggers") { db in
            try db.execute(sql: V003_Triggers.sql)
            try TriggerRecord.fill(at: SystemClock().now, in: db)
        }
        migrator.registerMigration("V004_Retention") { db in try db.execute(sql: V004_Retention.sql) }
        migrator.registerMigration("V005_RankBlocks") { db in
            try db.execute(sql: V005_RunOffsetIndex.sql)
            try RunOffsetIndexMaintenance.rebuild(in: db)
        }
        migrator.registerMigration("V006_Workspace") { db in try db.execute(sql: V006_Workspace.sql) }
        migrator.registerMigration("V007_NotebookRuns") { db in try db.execute(sql: V007_NotebookRuns.sql) }
        migrator.registerMigration("V008_HealthWarnings") { db in try db.execute(sql: V008_HealthWarnings.sql) }
        migrator.registerMigration("V009_TaskKinds") { db in
            try db.execute(sql: V009_TaskKinds.sql)
            try V009_TaskKinds.fill(in: db)
            try db.execute(sql: V009_TaskKinds.constraints)
        }
        return migrator
    }
}
