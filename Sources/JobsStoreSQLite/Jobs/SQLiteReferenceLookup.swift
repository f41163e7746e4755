// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// What exists, as one transaction sees it.
struct SQLiteReferenceLookup: ReferenceLookup {
    let db: Database
    let definitions: DefinitionCache

    func settings(of job: JobID) throws -> JobSettings? {
        guard let record = try JobRecord.fetch(job, in: db), record.isVisible else { return nil }
        return try definitions.settings(record.definitionID, in: db)
    }

    func destinationExists(_ id: String) throws -> Bool {
        try DestinationRecord.exists(id, in: db)
    }

    /// The service has no pipelines yet, so none exists.
    func pipelineExists(_ id: String) throws -> Bool { false }

    func notebookExists(_ path: WorkspacePath, at time: Timestamp?) throws -> Bool {
        let tree = WorkspaceTree(db: db)
        guard let id = try tree.id(of: path) else { return false }
        return try tree.hasRevision(id, at: time)
    }
}

extension SQLiteStore: ReferenceStore {
    public func inspect<T: Sendable>(
        _ body: @escaping @Sendable (any ReferenceLookup) throws -> T
    ) async throws -> T {
        try await read { [definitions] db in try body(SQLiteReferenceLookup(db: db, definitions: definitions)) }
    }
}
