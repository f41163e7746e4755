// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CoreMetrics
import JobsDomain

/// What the engine counts; the names are explained in the table of `/metrics`.
enum EngineMetrics {
    static let fireLateness = "lamplighter_fire_lateness_seconds"
    static let dispatchLatency = "lamplighter_dispatch_latency_seconds"
    static let runsEnded = "lamplighter_runs_ended_total"
    static let runsSkipped = "lamplighter_fired_runs_skipped_total"
    static let slowRuns = "lamplighter_slow_runs_total"
    static let misfires = "lamplighter_misfires_total"

    static func fired(late lateness: Duration, isActive: Bool) {
        time(fireLateness, lateness)
        if !isActive { Counter(label: runsSkipped).increment() }
    }

    static func slowRun() { Counter(label: slowRuns).increment() }

    static func misfired() { Counter(label: misfires).increment() }

    /// From the instant at which a run may begin until its task does.
    static func launched(after latency: Duration) { time(dispatchLatency, latency) }

    static func ended(_ state: RunState) {
        Counter(
            label: runsEnded,
            dimensions: [
                ("life_cycle_state", state.lifeCycleState.rawValue),
                ("result_state", state.resultState?.rawValue ?? ""),
            ]
        ).increment()
    }

    private static func time(_ name: String, _ span: Duration) {
        Timer(label: name).recordMilliseconds(max(0, span.wholeMilliseconds))
    }
}
