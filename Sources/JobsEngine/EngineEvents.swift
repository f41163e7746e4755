// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore

/// Carries wake-ups from writers to the engine's loops.
public final class EngineEvents: EngineWakeUps {
    package let changedRuns: AsyncStream<[RunID]>
    private let changedRunsInput: AsyncStream<[RunID]>.Continuation

    let schedules = AsyncEvent()

    public init() {
        (changedRuns, changedRunsInput) = AsyncStream.makeStream()
    }

    public func runsChanged(_ runs: [RunID]) {
        if runs.isEmpty { return }
        changedRunsInput.yield(runs)
    }

    public func schedulesChanged() { schedules.signal() }
}
