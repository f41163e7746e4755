// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import JobsStore

extension SQLiteStore: DestinationStore {
    public func addDestination(_ destination: NotificationDestination, at time: Timestamp) async throws {
        try await writer.write { db in
            try db.execute(
                sql: """
                    INSERT INTO notification_destinations (destination_id, display_name, config, created_time)
                    VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    destination.id, destination.displayName, DestinationRecord.json(destination.config),
                    time.milliseconds,
                ])
        }
    }

    public func destination(_ id: String) async throws -> NotificationDestination? {
        try await read { db in
            try db.cachedStatement(sql: DestinationRecord.sql + " WHERE destination_id = ?")
                .first([id], DestinationRecord.destination)
        }
    }

    public func destinations() async throws -> [NotificationDestination] {
        try await read { db in
            try db.cachedStatement(sql: DestinationRecord.sql + " ORDER BY sequence").all(
                [], DestinationRecord.destination)
        }
    }

    public func replaceDestination(_ destination: NotificationDestination) async throws {
        try await writer.write { db in
            try db.execute(
                sql: "UPDATE notification_destinations SET display_name = ?, config = ? WHERE destination_id = ?",
                arguments: [destination.displayName, DestinationRecord.json(destination.config), destination.id])
            if db.changesCount == 0 { throw StoreError.destinationDoesNotExist(destination.id) }
        }
    }

    public func removeDestination(_ id: String) async throws {
        try await writer.write { db in
            guard try DestinationRecord.exists(id, in: db) else { throw StoreError.destinationDoesNotExist(id) }
            // An id is 36 characters of a UUID: where they stand in settings, they mean this destination.
            let user = try Int64.fetchOne(
                db,
                sql: """
                    SELECT job_id FROM jobs JOIN definitions USING (definition_id)
                    WHERE deleted_time IS NULL AND is_submission = 0 AND instr(settings, ?) > 0 LIMIT 1
                    """,
                arguments: ["\"id\":\"\(id)\""])
            if let user { throw StoreError.destinationIsInUse(id, by: JobID(user)) }
            try db.execute(sql: "DELETE FROM notification_destinations WHERE destination_id = ?", arguments: [id])
        }
    }
}

/// A row of `notification_destinations`.
enum DestinationRecord {
    static let sql = "SELECT destination_id, display_name, config FROM notification_destinations"

    static func exists(_ id: String, in db: Database) throws -> Bool {
        try Bool.fetchOne(
            try db.cachedStatement(
                sql: "SELECT EXISTS (SELECT 1 FROM notification_destinations WHERE destination_id = ?)"),
            arguments: [id]) ?? false
    }

    static func json(_ config: DestinationConfig) -> String { JSONWriter.text { $0.object(config.write) } }

    static func destination(_ row: Row) throws -> NotificationDestination {
        guard case .object(let object)? = try? JSONParser.parse(row["config"] as String) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable config in notification_destinations")
        }
        return NotificationDestination(
            id: row["destination_id"], displayName: row["display_name"],
            config: DestinationConfig(reading: ObjectReader(object, report: ReadingReport())))
    }
}
