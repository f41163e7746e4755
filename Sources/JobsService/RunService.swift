// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsJSON
import JobsStore

/// Commands and queries about runs; one file each beside this one.
public struct RunService: Sendable {
    let store: any RunStore
    let references: any ReferenceStore
    let rules: Rules
    let outputs: any TaskOutputs
    let wakeUps: any EngineWakeUps
    let clock: any WallClock
    let snapshots = ListSnapshots()
    let renderings = RenderingCache<RunRendering>()

    /// - Parameter allowsLocalFiles: whether administrators may name files of the server's machine.
    public init(
        store: any RunStore & ReferenceStore, outputs: any TaskOutputs, wakeUps: any EngineWakeUps,
        clock: any WallClock,
        allowsLocalFiles: Bool
    ) {
        self.store = store
        self.outputs = outputs
        self.wakeUps = wakeUps
        self.clock = clock
        references = store
        rules = Rules(clock: clock, allowsLocalFiles: allowsLocalFiles)
    }
}
