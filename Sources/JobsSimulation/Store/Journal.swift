// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

/// A change of a row, recorded by database triggers: in the order of the changes, and only if committed.
struct JournalEntry {
    enum Kind: String {
        case jobMade, settingsChanged, jobDeleted
        case runMade, stateChanged, timeoutChanged, transitionWritten
        case instantsMissed
    }

    let kind: Kind
    let job: JobID
    let run: RunID
    /// The job's, or the run's, name: it identifies the settings.
    let name: String
    let state: String
    let earlier: String?
    let result: String?
    let trigger: String
    /// Start of a run; first missed instant.
    let start: Timestamp
    /// End of a run; last missed instant.
    let end: Timestamp?
    let fireTime: Timestamp?
    /// Timeout in seconds.
    let timeout: Int64
    let attempt: Int64
    let original: Int64
    let number: Int64
}

/// Triggers of the simulation's connection, beside the store's own.
enum Journal {
    static func start(in db: Database) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE journal (
                    sequence INTEGER PRIMARY KEY, kind TEXT, job INTEGER, run INTEGER, name TEXT, state TEXT,
                    earlier TEXT, result TEXT, trigger_type TEXT, start INTEGER, "end" INTEGER, fire_time INTEGER,
                    timeout INTEGER, attempt INTEGER, original INTEGER, number INTEGER);
                CREATE TEMP TRIGGER job_made AFTER INSERT ON main.jobs BEGIN
                    INSERT INTO journal (kind, job, name, number) VALUES ('jobMade', NEW.job_id, NEW.run_name,
                        NEW.is_submission);
                END;
                CREATE TEMP TRIGGER settings_changed AFTER UPDATE OF definition_id ON main.jobs BEGIN
                    INSERT INTO journal (kind, job, name) VALUES ('settingsChanged', NEW.job_id, NEW.run_name);
                END;
                CREATE TEMP TRIGGER job_deleted AFTER UPDATE OF deleted_time ON main.jobs BEGIN
                    INSERT INTO journal (kind, job) VALUES ('jobDeleted', NEW.job_id);
                END;
                CREATE TEMP TRIGGER run_made AFTER INSERT ON main.runs BEGIN
                    INSERT INTO journal (kind, job, run, name, state, trigger_type, start, fire_time, timeout, attempt,
                        original, number)
                    VALUES ('runMade', NEW.job_id, NEW.run_id, NEW.run_name, NEW.life_cycle_state, NEW.trigger_type,
                        NEW.start_time, NEW.fire_time, NEW.timeout_seconds, NEW.attempt_number,
                        COALESCE(NEW.original_attempt_run_id, NEW.run_id), NEW.number_in_job);
                END;
                CREATE TEMP TRIGGER state_changed AFTER UPDATE OF life_cycle_state ON main.runs BEGIN
                    INSERT INTO journal (kind, job, run, state, earlier, result, start, "end")
                    VALUES ('stateChanged', NEW.job_id, NEW.run_id, NEW.life_cycle_state, OLD.life_cycle_state,
                        NEW.result_state, NEW.start_time, NEW.end_time);
                END;
                CREATE TEMP TRIGGER timeout_changed AFTER UPDATE OF timeout_seconds ON main.runs BEGIN
                    INSERT INTO journal (kind, run, timeout) VALUES ('timeoutChanged', NEW.run_id, NEW.timeout_seconds);
                END;
                CREATE TEMP TRIGGER transition_written AFTER INSERT ON main.run_transitions BEGIN
                    INSERT INTO journal (kind, run, state, earlier, result, number)
                    VALUES ('transitionWritten', NEW.run_id, NEW.to_state, NEW.from_state, NEW.result_state,
                        NEW.sequence);
                END;
                CREATE TEMP TRIGGER instants_missed AFTER INSERT ON main.misfires BEGIN
                    INSERT INTO journal (kind, job, start, "end")
                    VALUES ('instantsMissed', NEW.job_id, NEW.first_instant, NEW.through);
                END
                """)
    }

    /// What was committed since the last call.
    static func take(in db: Database) throws -> [JournalEntry] {
        let rows = try Row.fetchAll(try db.cachedStatement(sql: "SELECT * FROM temp.journal ORDER BY sequence"))
        if rows.isEmpty { return [] }
        try db.cachedStatement(sql: "DELETE FROM temp.journal").execute()
        return rows.map(entry)
    }

    private static func entry(_ row: Row) -> JournalEntry {
        func time(_ index: Int) -> Timestamp? { (row[index] as Int64?).map(Timestamp.init(milliseconds:)) }
        let kind: String = row[1]
        return JournalEntry(
            kind: JournalEntry.Kind(rawValue: kind) ?? .jobMade, job: JobID(row[2] ?? 0), run: RunID(row[3] ?? 0),
            name: row[4] ?? "", state: row[5] ?? "", earlier: row[6], result: row[7], trigger: row[8] ?? "",
            start: time(9) ?? Timestamp(milliseconds: 0), end: time(10), fireTime: time(11), timeout: row[12] ?? 0,
            attempt: row[13] ?? 0, original: row[14] ?? 0, number: row[15] ?? 0)
    }
}
