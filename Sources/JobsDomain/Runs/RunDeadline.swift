// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// An instant by which a run's task should have ended.
public struct RunDeadline: Equatable, Sendable {
    public let run: RunID
    public let taskKind: JobTask.Kind
    public let time: Timestamp

    public init(run: RunID, taskKind: JobTask.Kind, time: Timestamp) {
        self.run = run
        self.taskKind = taskKind
        self.time = time
    }
}
