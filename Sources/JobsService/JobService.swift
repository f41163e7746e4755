// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about jobs; one file each beside this one.
public struct JobService: Sendable {
    let store: any JobStore
    let references: any ReferenceStore
    let rules: Rules
    let wakeUps: any EngineWakeUps
    let clock: any WallClock
    let runnableKinds: Set<JobTask.Kind>

    /// - Parameters:
    ///   - allowsLocalFiles: whether administrators may name files of the server's machine.
    ///   - runnableKinds: the kinds of tasks that this server runs; jobs of others are stored, with a warning.
    public init(
        store: any JobStore & ReferenceStore, wakeUps: any EngineWakeUps, clock: any WallClock, allowsLocalFiles: Bool,
        runnableKinds: Set<JobTask.Kind> = Set(JobTask.Kind.allCases)
    ) {
        self.store = store
        self.wakeUps = wakeUps
        self.clock = clock
        self.runnableKinds = runnableKinds
        references = store
        rules = Rules(clock: clock, allowsLocalFiles: allowsLocalFiles)
    }
}
