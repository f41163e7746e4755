// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain

extension Statement {
    /// The first row, converted by `make`; nil when there is none. Columns are read by name, which the statement
    /// resolves once; a copied row (`Row.fetchOne`) would search the names each time.
    func first<T>(_ arguments: StatementArguments = [], _ make: (Row) throws -> T) throws -> T? {
        let rows = try Row.fetchCursor(self, arguments: arguments)
        // The row is valid only while its cursor exists.
        return try withExtendedLifetime(rows) { try rows.next().map(make) }
    }

    /// All rows in order, each converted by `make`.
    func all<T>(_ arguments: StatementArguments = [], _ make: (Row) throws -> T) throws -> [T] {
        let rows = try Row.fetchCursor(self, arguments: arguments)
        var values: [T] = []
        while let row = try rows.next() { values.append(try make(row)) }
        return values
    }
}

extension Row {
    func timestamp(_ column: String) -> Timestamp { Timestamp(milliseconds: self[column]) }

    func timestampIfPresent(_ column: String) -> Timestamp? {
        (self[column] as Int64?).map(Timestamp.init(milliseconds:))
    }

    func runID(_ column: String) -> RunID { RunID(self[column]) }

    func runIDIfPresent(_ column: String) -> RunID? { (self[column] as Int64?).map { RunID($0) } }

    func jobID(_ column: String) -> JobID { JobID(self[column]) }

    /// A case of an enumeration by its raw value.
    /// - Throws: `DatabaseError` (SQLITE_CORRUPT) for NULL and for a text that is none of them: the database is damaged,
    ///   or of a newer program. No default is substituted.
    func enumeration<Value: RawRepresentable>(_ column: String) throws -> Value where Value.RawValue == String {
        guard let value: Value = try enumerationIfPresent(column) else { throw Self.unreadable(column, "NULL") }
        return value
    }

    /// nil for NULL.
    /// - Throws: as `enumeration(_:)` does.
    func enumerationIfPresent<Value: RawRepresentable>(_ column: String) throws -> Value?
    where Value.RawValue == String {
        guard let text: String = self[column] else { return nil }
        guard let value = Value(rawValue: text) else { throw Self.unreadable(column, text) }
        return value
    }

    private static func unreadable(_ column: String, _ text: String) -> DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable \(column) in the database: \(text.prefix(100))")
    }
}

extension RunState {
    /// The columns result_state, state_message, user_cancelled_or_timedout, and the one that is named.
    init(_ row: Row, lifeCycleState column: String = "life_cycle_state") throws {
        self.init(
            try row.enumeration(column), try row.enumerationIfPresent("result_state"), message: row["state_message"],
            userCancelledOrTimedOut: row["user_cancelled_or_timedout"])
    }
}

extension RunTimes {
    /// The columns start_time, execution_start, execution_end, end_time.
    init(_ row: Row) {
        self.init(start: row.timestamp("start_time"))
        executionStart = row.timestampIfPresent("execution_start")
        executionEnd = row.timestampIfPresent("execution_end")
        end = row.timestampIfPresent("end_time")
    }
}

extension ClusterInstance {
    /// The columns cluster_id, spark_context_id.
    init?(_ row: Row) {
        guard let id: String = row["cluster_id"] else { return nil }
        self.init(clusterID: ClusterID(id), sparkContextID: row["spark_context_id"])
    }
}

extension TaskUsage {
    /// The columns exit_code, signal, cpu_ms, peak_memory_bytes.
    init?(_ row: Row) {
        guard let milliseconds: Int64 = row["cpu_ms"] else { return nil }
        self.init(
            exitCode: row["exit_code"], signal: row["signal"], cpuTime: .milliseconds(milliseconds),
            peakMemory: row["peak_memory_bytes"])
    }
}

extension RunDeadline {
    /// The columns run_id, task_kind, deadline.
    init(_ row: Row) throws {
        self.init(
            run: row.runID("run_id"), taskKind: try row.enumeration("task_kind"), time: row.timestamp("deadline"))
    }
}
