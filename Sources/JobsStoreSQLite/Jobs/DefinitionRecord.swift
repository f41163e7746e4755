// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON
import Synchronization

/// A row of `definitions`: settings as they were at some time, with the answers of API 2.0 made from them.
enum DefinitionRecord {
    static func insert(_ settings: JobSettings, in db: Database) throws -> Int64 {
        try db.cachedStatement(
            sql: """
                INSERT INTO definitions (settings, settings_v2_0, task_v2_0, cluster_spec_v2_0, schedule_v2_0,
                    unknown_fields)
                VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            JSONWriter.text { $0.object(settings.write) },
            JSONWriter.text { $0.object(settings.writeFlat) },
            JSONWriter.text { writer in writer.object { settings.firstTask?.task.write(to: &$0) } },
            JSONWriter.text { writer in writer.object { settings.firstTask?.writeClusterSpec(to: &$0) } },
            settings.schedule.map { schedule in JSONWriter.text { $0.object(schedule.write) } },
            settings.unknownFields.isEmpty
                ? nil : JSONWriter.text { $0.value(.array(settings.unknownFields.map(JSONValue.string))) },
        ])
        return db.lastInsertedRowID
    }

    /// - Throws: `DatabaseError`, as `settings(_:)` does.
    static func settings(of definition: Int64, in db: Database) throws -> JobSettings {
        let json = try String.fetchOne(
            try db.cachedStatement(sql: "SELECT settings FROM definitions WHERE definition_id = ?"),
            arguments: [definition])
        return try settings(json ?? "")
    }

    /// The settings of a row.
    /// - Throws: `DatabaseError` when what is stored cannot be read: a damaged database or one of a newer program.
    static func settings(_ json: String) throws -> JobSettings {
        try read(json) { JobSettings(reading: $0) }
    }

    /// A part of the settings of a row, in a third of the time that all of them take.
    /// - Throws: `DatabaseError`, as `settings(_:)` does.
    static func firstTaskKeyAndHealth(_ json: String) throws -> (taskKey: String?, health: JobsHealthRules?) {
        try read(json) { reader in
            var taskKey: String?
            if case .array(let tasks)? = reader.raw("tasks"), case .object(let first)? = tasks.first {
                taskKey = ObjectReader(first, report: reader.report).requiredString("task_key")
            }
            return (taskKey, reader.structure("health"))
        }
    }

    private static func read<T>(_ json: String, _ make: (ObjectReader) -> T) throws -> T {
        guard case .object(let object)? = try? JSONParser.parse(json) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable settings in definitions")
        }
        let report = ReadingReport()
        let value = make(ObjectReader(object, report: report))
        if let fault = report.faults.first {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "settings in definitions: \(fault.message)")
        }
        return value
    }
}

/// Settings by the id of their definition. Such a row never changes once it is committed, so it is parsed once.
final class DefinitionCache: Sendable {
    private static let maxEntries = 10_000
    private let entries = Mutex<[Int64: JobSettings]>([:])

    func settings(_ definition: Int64, in db: Database) throws -> JobSettings {
        if let known = entries.withLock({ $0[definition] }) { return known }
        let settings = try DefinitionRecord.settings(of: definition, in: db)
        entries.withLock { entries in
            if entries.count >= Self.maxEntries { entries.removeAll() }
            entries[definition] = settings
        }
        return settings
    }

    /// To be called when a transaction was undone: its ids will come again, for other settings.
    func forget() { entries.withLock { $0.removeAll() } }
}
