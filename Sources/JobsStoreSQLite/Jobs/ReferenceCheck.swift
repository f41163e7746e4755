// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB
import JobsDomain
import JobsStore

/// Checks whether what settings refer to exists, within one transaction (contract C3, C9).
struct ReferenceCheck {
    let db: Database
    let definitions: DefinitionCache

    /// - Throws: `StoreError.invalidReferences`.
    func require(_ references: [SettingsReference], ofJob job: JobID?) throws {
        let faults = try faults(of: references, ofJob: job)
        if !faults.isEmpty { throw StoreError.invalidReferences(faults) }
    }

    func faults(of references: [SettingsReference], ofJob job: JobID?) throws -> [ReferenceFault] {
        try references.compactMap { reference in
            switch reference.target {
            case .destination(let id):
                return try DestinationRecord.exists(id, in: db) ? nil : .missing(reference)
            case .pipeline:
                // The service has no pipelines yet, so none exists.
                return .missing(reference)
            case .job(let target):
                // A job may name itself before it is visible: a cycle, so checked before existence.
                if let circle = try JobGraph.circle(of: job, running: target, jobsToRun) {
                    return .circle(circle, reference)
                }
                return try settings(of: target) == nil ? .missing(reference) : nil
            case .notebook(let path, let time):
                let tree = WorkspaceTree(db: db)
                guard let id = try tree.id(of: path), try tree.hasRevision(id, at: time) else {
                    return .missing(reference)
                }
                return nil
            }
        }
    }

    /// None for a job that does not exist: an indirectly referenced job may have been deleted, which affects only runs
    /// of the job that names it.
    private func jobsToRun(_ job: JobID) throws -> [JobID] { try settings(of: job)?.jobsToRun ?? [] }

    private func settings(of job: JobID) throws -> JobSettings? {
        guard let record = try JobRecord.fetch(job, in: db), record.isVisible else { return nil }
        return try definitions.definition(record.definitionID, in: db).settings
    }
}

extension SQLiteStore: ReferenceStore {
    public func faults(of references: [SettingsReference], ofJob job: JobID?) async throws -> [ReferenceFault] {
        try await read { [definitions] db in
            try ReferenceCheck(db: db, definitions: definitions).faults(of: references, ofJob: job)
        }
    }
}
