// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB

/// Counts of runs in blocks of neighbours, so that runs/list finds a page at any offset without walking to it
/// (docs/decisions/0009-run-offset-index.md).
///
/// A list is all runs of a type (`job_id` 0), or a job's runs of a type, in the order (start_time, run_id). A row counts
/// the runs before its `until` key that are not before the next older row's; runs that are not before any row's key are
/// in no block. So storing the newest run changes no row: every 512 runs, a row is added. Runs of deleted jobs are not
/// counted. The triggers keep all of this whatever changes the tables.
enum V005_RunOffsetIndex {
    /// How many runs a new block holds; a block that comes to twice as many is split.
    static let blockSize = 512

    static let sql = tables + blockTriggers(blockSize: blockSize) + jobDeletion

    static func blockTriggers(blockSize: Int) -> String {
        RunListKind.allCases.map { counting($0) + closing($0, blockSize) + splitting($0, blockSize) }.joined()
    }

    private static let tables = """
        CREATE TABLE run_blocks (
            job_id       INTEGER NOT NULL,  -- 0: the runs of all jobs
            run_type     TEXT NOT NULL,
            until_time   INTEGER NOT NULL,  -- a key, not of a run that is still there necessarily; not in the block
            until_run_id INTEGER NOT NULL,
            run_count    INTEGER NOT NULL CHECK (run_count >= 0),
            PRIMARY KEY (job_id, run_type, until_time, until_run_id)
        ) STRICT, WITHOUT ROWID;

        -- A block that lost all its runs: its keys fall to the next newer one.
        CREATE TRIGGER run_blocks_empty AFTER UPDATE OF run_count ON run_blocks WHEN NEW.run_count = 0
            BEGIN DELETE FROM run_blocks WHERE \(isBlock("NEW.")); END;

        -- The lists in their order. They hold all that finding a page needs to know of a run.
        DROP INDEX runs_by_start;
        DROP INDEX runs_by_job_and_start;
        DROP INDEX runs_active_by_start;
        CREATE INDEX runs_by_type ON runs (run_type, start_time DESC, run_id DESC, job_id);
        CREATE INDEX runs_by_job_and_type ON runs (job_id, run_type, start_time DESC, run_id DESC);
        CREATE INDEX runs_active_by_start ON runs (start_time DESC, run_id DESC, run_type, job_id, life_cycle_state)
            WHERE life_cycle_state IN ('PENDING', 'RUNNING', 'TERMINATING');

        -- Deleted jobs that still have runs, which nobody can see until they are removed.
        CREATE TABLE hidden_jobs (job_id INTEGER PRIMARY KEY REFERENCES jobs) STRICT;
        INSERT INTO hidden_jobs SELECT job_id FROM jobs WHERE deleted_time IS NOT NULL
            AND EXISTS (SELECT 1 FROM runs WHERE runs.job_id = jobs.job_id);
        CREATE TRIGGER runs_none_of_deleted_jobs BEFORE INSERT ON runs
            WHEN EXISTS (SELECT 1 FROM jobs WHERE job_id = NEW.job_id AND deleted_time IS NOT NULL)
            BEGIN SELECT RAISE(ABORT, 'a deleted job has no new runs'); END;
        CREATE TRIGGER runs_last_of_hidden_job AFTER DELETE ON runs
            BEGIN
                DELETE FROM hidden_jobs WHERE job_id = OLD.job_id
                    AND NOT EXISTS (SELECT 1 FROM runs WHERE job_id = OLD.job_id);
            END;

        CREATE TRIGGER runs_stay_in_their_list BEFORE UPDATE OF run_id, job_id, run_type ON runs
            WHEN NEW.run_id <> OLD.run_id OR NEW.job_id <> OLD.job_id OR NEW.run_type <> OLD.run_type
            BEGIN SELECT RAISE(ABORT, 'a run keeps its id, its job and its type'); END;

        """

    /// A run that comes, goes or moves changes the block that it lies in, if any. One that goes, while its job can still
    /// be seen to be hidden.
    private static func counting(_ kind: RunListKind) -> String {
        """
        CREATE TRIGGER runs_counted_\(kind.name) AFTER INSERT ON runs
            BEGIN \(change(kind, "+ 1", "NEW")); END;
        CREATE TRIGGER runs_uncounted_\(kind.name) BEFORE DELETE ON runs
            BEGIN \(change(kind, "- 1", "OLD")); END;
        CREATE TRIGGER runs_moved_\(kind.name) AFTER UPDATE OF start_time ON runs
            WHEN NEW.start_time <> OLD.start_time
            BEGIN \(change(kind, "- 1", "OLD")); \(change(kind, "+ 1", "NEW")); END;

        """
    }

    private static func change(_ kind: RunListKind, _ change: String, _ run: String) -> String {
        let job = kind.jobID(run)
        return """
            UPDATE run_blocks SET run_count = run_count \(change)
            WHERE (job_id, run_type, until_time, until_run_id) = (
                SELECT job_id, run_type, until_time, until_run_id FROM run_blocks
                WHERE job_id = \(job) AND run_type = \(run).run_type
                    AND (until_time, until_run_id) > (\(run).start_time, \(run).run_id)
                ORDER BY until_time, until_run_id LIMIT 1)
                AND \(RunListKind.isVisible(jobID: "\(run).job_id"))
            """
    }

    /// Every `blockSize` runs, what came since the newest block becomes one, unless it is too little.
    private static func closing(_ kind: RunListKind, _ blockSize: Int) -> String {
        """
        CREATE TRIGGER runs_close_block_\(kind.name) AFTER INSERT ON runs
            WHEN NEW.\(kind.counter) % \(blockSize) = 0
            BEGIN
                INSERT INTO run_blocks (job_id, run_type, until_time, until_run_id, run_count)
                SELECT \(kind.jobID("NEW")), list.run_type, NEW.start_time, NEW.run_id, (
                    SELECT COUNT(*) FROM runs \(kind.indexedBy)
                    WHERE \(kind.isInList(jobID: "NEW.job_id", runType: "list.run_type"))
                        AND (start_time, run_id) < (NEW.start_time, NEW.run_id)
                        AND (start_time, run_id) >= (list.from_time, list.from_run_id)) AS found
                FROM (
                    SELECT run_type, \(newestKey(kind.jobID("NEW"), "type.run_type")) FROM (
                        SELECT 'JOB_RUN' AS run_type UNION ALL SELECT 'WORKFLOW_RUN' UNION ALL SELECT 'SUBMIT_RUN') type
                    LIMIT -1) list
                WHERE found >= \(blockSize / 2);
            END;

        """
    }

    /// A block grows when start times go backwards, or a retry has begun a block in the future.
    private static func splitting(_ kind: RunListKind, _ blockSize: Int) -> String {
        """
        CREATE TRIGGER run_blocks_split_\(kind.name) AFTER UPDATE OF run_count ON run_blocks
            WHEN NEW.run_count >= \(2 * blockSize) AND \(kind.isBlockOfKind)
            BEGIN
                INSERT INTO run_blocks (job_id, run_type, until_time, until_run_id, run_count)
                SELECT NEW.job_id, NEW.run_type, start_time, run_id, \(blockSize) FROM runs \(kind.indexedBy)
                WHERE \(kind.isInList(jobID: "NEW.job_id", runType: "NEW.run_type"))
                    AND (start_time, run_id) < (NEW.until_time, NEW.until_run_id)
                    AND (start_time, run_id) >= (SELECT \(keyBefore("NEW.")))
                ORDER BY start_time, run_id LIMIT 1 OFFSET \(blockSize);
                UPDATE run_blocks SET run_count = run_count - \(blockSize) WHERE \(isBlock("NEW."));
            END;

        """
    }

    /// Takes the runs of a job out of the counts, in the statement that deletes the job.
    private static let jobDeletion = """
        CREATE TRIGGER jobs_uncount_runs AFTER UPDATE OF deleted_time ON jobs
            WHEN OLD.deleted_time IS NULL AND NEW.deleted_time IS NOT NULL
            BEGIN
                INSERT INTO hidden_jobs SELECT NEW.job_id
                    WHERE EXISTS (SELECT 1 FROM runs WHERE job_id = NEW.job_id);
                DELETE FROM run_blocks WHERE job_id = NEW.job_id;
                UPDATE run_blocks SET run_count = run_count - gone.run_total FROM (
                    SELECT b.run_type AS run_type, b.until_time AS until_time, b.until_run_id AS until_run_id, (
                        SELECT COUNT(*) FROM runs INDEXED BY runs_by_job_and_type
                        WHERE job_id = NEW.job_id AND run_type = b.run_type
                            AND (start_time, run_id) < (b.until_time, b.until_run_id)
                            AND (start_time, run_id) >= (b.from_time, b.from_run_id)) AS run_total
                    FROM \(blocks("b.job_id = 0 AND b.until_time >= \(firstStart)")) b) gone
                WHERE gone.run_total > 0 AND run_blocks.job_id = 0 AND run_blocks.run_type = gone.run_type
                    AND run_blocks.until_time = gone.until_time AND run_blocks.until_run_id = gone.until_run_id;
            END;
        """

    /// When the first run of the job `NEW` of a block's type began; NULL: it has none.
    private static let firstStart = """
        (SELECT MIN(start_time) FROM runs WHERE job_id = NEW.job_id AND run_type = b.run_type)
        """

    private static func isBlock(_ block: String) -> String {
        """
        job_id = \(block)job_id AND run_type = \(block)run_type AND until_time = \(block)until_time
            AND until_run_id = \(block)until_run_id
        """
    }

    /// Blocks with the keys that they begin with. LIMIT keeps SQLite from looking these up again for each run.
    static func blocks(_ condition: String) -> String {
        "(SELECT *, \(keyBefore("b.")) FROM run_blocks b WHERE \(condition) LIMIT -1)"
    }

    /// The key with which a block begins: the next older block's `until`, or one before all.
    private static func keyBefore(_ block: String) -> String {
        newestFound(
            """
            o.job_id = \(block)job_id AND o.run_type = \(block)run_type
            AND (o.until_time, o.until_run_id) < (\(block)until_time, \(block)until_run_id)
            """)
    }

    private static func newestKey(_ jobID: String, _ runType: String) -> String {
        newestFound("o.job_id = \(jobID) AND o.run_type = \(runType)")
    }

    /// Two columns, `from_time` and `from_run_id`: the newest key of the blocks that meet a condition.
    private static func newestFound(_ condition: String) -> String {
        func part(_ column: String, _ otherwise: String) -> String {
            """
            ifnull((SELECT o.until_\(column) FROM run_blocks o WHERE \(condition)
                ORDER BY o.until_time DESC, o.until_run_id DESC LIMIT 1), \(otherwise)) AS from_\(column)
            """
        }
        return "\(part("time", "-9223372036854775808")), \(part("run_id", "0"))"
    }
}
