// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsJSON

/// A row of `definitions`: one version of settings.
enum DefinitionRecord {
    static func insert(_ settings: JobSettings, in db: Database) throws -> DefinitionID {
        try db.cachedStatement(sql: "INSERT INTO definitions (settings) VALUES (?)")
            .execute(arguments: [JSONWriter.text { $0.object(settings.write) }])
        return DefinitionID(db.lastInsertedRowID)
    }

    /// The text of the settings; empty for a definition that is not there.
    static func text(of definition: DefinitionID, in db: Database) throws -> String {
        try String.fetchOne(
            try db.cachedStatement(sql: "SELECT settings FROM definitions WHERE definition_id = ?"),
            arguments: [definition.rawValue]) ?? ""
    }

    /// The settings of a row.
    /// - Throws: `DatabaseError` when what is stored cannot be read: a damaged database or one of a newer program.
    static func settings(_ json: String) throws -> JobSettings {
        guard case .object(let object)? = try? JSONParser.parse(json) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unreadable settings in definitions")
        }
        let report = ReadingReport()
        let settings = JobSettings(reading: ObjectReader(object, report: report))
        if let fault = report.faults.first {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "settings in definitions: \(fault.message)")
        }
        return settings
    }
}

/// Definitions by their ids. Such a row never changes once it is committed, so it is parsed once.
final class DefinitionCache: Sendable {
    /// Bytes of JSON, for each of the cache's two generations.
    private static let limit = 8 * 1024 * 1024
    private let definitions = BoundedCache<DefinitionID, JobDefinition>(limit: limit)

    /// - Throws: `DatabaseError`, as `DefinitionRecord.settings` does.
    func definition(_ id: DefinitionID, in db: Database) throws -> JobDefinition {
        if let known = definitions.value(id) { return known }
        let text = try DefinitionRecord.text(of: id, in: db)
        let definition = JobDefinition(id: id, settings: try DefinitionRecord.settings(text))
        definitions.insert(definition, for: id, cost: text.utf8.count)
        return definition
    }

    /// The definition of a row of a long list, not cached: a scan of ten thousand definitions reads each once.
    func passing(_ id: DefinitionID, _ text: String) throws -> JobDefinition {
        if let known = definitions.value(id) { return known }
        return JobDefinition(id: id, settings: try DefinitionRecord.settings(text))
    }

    /// To be called when a transaction was rolled back: its ids will be assigned again, to other settings.
    func forget() { definitions.removeAll() }
}
