// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A job as it is stored.
public struct Job: Equatable, Sendable {
    public let id: JobID
    public let creatorUserName: String
    public let createdTime: Timestamp
    public let settings: JobSettings

    public init(id: JobID, creatorUserName: String, createdTime: Timestamp, settings: JobSettings) {
        self.id = id
        self.creatorUserName = creatorUserName
        self.createdTime = createdTime
        self.settings = settings
    }
}
