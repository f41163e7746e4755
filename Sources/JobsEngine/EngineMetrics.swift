// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import JobsDomain

/// The engine's metrics; the table of `/metrics` explains their names.
public enum EngineMetrics {
    static let fireLateness = "lamplighter_fire_lateness_seconds"
    static let dispatchLatency = "lamplighter_dispatch_latency_seconds"
    static let runsEnded = "lamplighter_runs_ended_total"
    static let runsSkipped = "lamplighter_fired_runs_skipped_total"
    static let slowRuns = "lamplighter_slow_runs_total"
    static let misfires = "lamplighter_misfires_total"

    /// Registers the counters with 0, so that they are exported before the first event.
    public static func begin() {
        for name in [runsSkipped, slowRuns, misfires] { Counter(label: name).increment(by: 0) }
        for result in [RunResultState.success, .failed, .timedOut, .canceled] {
            endings(.terminated, result).increment(by: 0)
        }
        for result in [nil, RunResultState.failed] { endings(.internalError, result).increment(by: 0) }
    }

    static func fired(late lateness: Duration, isActive: Bool) {
        time(fireLateness, lateness)
        if !isActive { Counter(label: runsSkipped).increment() }
    }

    static func slowRun() { Counter(label: slowRuns).increment() }

    static func misfired() { Counter(label: misfires).increment() }

    /// From the instant at which a run may begin until its task does.
    static func started(after latency: Duration) { time(dispatchLatency, latency) }

    static func ended(_ state: RunState) { endings(state.lifeCycleState, state.resultState).increment() }

    private static func endings(_ state: RunLifeCycleState, _ result: RunResultState?) -> Counter {
        Counter(
            label: runsEnded,
            dimensions: [("life_cycle_state", state.rawValue), ("result_state", result?.rawValue ?? "")])
    }

    private static func time(_ name: String, _ span: Duration) {
        Timer(label: name).recordMilliseconds(max(0, span.wholeMilliseconds))
    }
}
