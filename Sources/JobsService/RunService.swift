// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsAPI
import JobsCompute
import JobsDomain
import JobsStore

/// Commands and queries about runs; one file each beside this one.
public struct RunService: Sendable {
    let store: any RunStore
    let outputs: any TaskOutputs
    let hints: any EngineHints
    let clock: any WallClock

    public init(store: any RunStore, outputs: any TaskOutputs, hints: any EngineHints, clock: any WallClock) {
        self.store = store
        self.outputs = outputs
        self.hints = hints
        self.clock = clock
    }
}
