// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// max_concurrent_runs (contract E3): a run over the limit is skipped at once; a lowered limit ends nothing.
public struct ConcurrencyPolicy: Equatable, Sendable {
    public let maxConcurrentRuns: Int32

    public init(maxConcurrentRuns: Int32) { self.maxConcurrentRuns = maxConcurrentRuns }

    /// The state of a new run, given how many runs of its job are active, waiting retries included.
    public func decide(activeRuns: Int) -> RunState {
        activeRuns < Int(maxConcurrentRuns)
            ? RunStateMachine.admitted : RunStateMachine.skipped(limit: maxConcurrentRuns)
    }
}
