// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The identifier of one version of settings. Never reused for different settings.
public struct DefinitionID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: Int64
    public init(_ rawValue: Int64) { self.rawValue = rawValue }
    public var description: String { String(rawValue) }
}

/// One version of settings. Jobs and runs refer to it: a run keeps the settings it was created with, and a
/// million runs of a job do not repeat them. A class, so that handing it on copies a reference.
public final class JobDefinition: Sendable {
    public let id: DefinitionID
    public let settings: JobSettings

    public init(id: DefinitionID, settings: JobSettings) {
        self.id = id
        self.settings = settings
    }
}
