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
    let outputs: any TaskOutputs
    let hints: any EngineHints
    let clock: any WallClock
    /// Whether administrators may name files of the server's machine.
    let allowsLocalFiles: Bool

    public init(
        store: any RunStore, outputs: any TaskOutputs, hints: any EngineHints, clock: any WallClock,
        allowsLocalFiles: Bool
    ) {
        self.store = store
        self.outputs = outputs
        self.hints = hints
        self.clock = clock
        self.allowsLocalFiles = allowsLocalFiles
    }

    /// The rules as they hold for the one who asks.
    func rules(_ report: ReadingReport, prefix: String = "", for principal: Principal) -> RuleContext {
        RuleContext(report: report, prefix: prefix, allowsLocalFiles: allowsLocalFiles && principal.isAdmin)
    }
}
