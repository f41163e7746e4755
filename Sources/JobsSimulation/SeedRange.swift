// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Synchronization

/// Many seeds, on several threads; each seed has a world of its own.
public struct SeedRange: Sendable {
    public struct Outcome: Sendable {
        public var seeds = 0
        public var steps = 0
        public var runs = 0
        public var servers = 0
        /// Seeds that broke a rule, lowest first.
        public var failures: [SimulationReport] = []
    }

    let first: UInt64
    let count: Int
    /// No more seeds are begun after so many failures.
    let maxFailures: Int

    public init(first: UInt64, count: Int, maxFailures: Int = 20) {
        self.first = first
        self.count = count
        self.maxFailures = maxFailures
    }

    /// Every fiftieth seed runs twice, to check that it is deterministic.
    public func run(threads: Int) throws -> Outcome {
        let queue = SeedQueue(self)
        let done = DispatchSemaphore(value: 0)
        for _ in 0..<threads {
            // Separate threads: the worlds' tasks must not run inside another Swift task.
            let thread = Thread {
                queue.work()
                done.signal()
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
        for _ in 0..<threads { done.wait() }
        return try queue.outcome()
    }
}

/// The remaining seeds, and the results of the others.
private final class SeedQueue: Sendable {
    private struct State {
        var next: UInt64
        var outcome = SeedRange.Outcome()
        var error: (any Error)?
    }

    private let range: SeedRange
    private let state: Mutex<State>

    init(_ range: SeedRange) {
        self.range = range
        state = Mutex(State(next: range.first))
    }

    func outcome() throws -> SeedRange.Outcome {
        try state.withLock { state in
            if let error = state.error { throw error }
            state.outcome.failures.sort { $0.seed < $1.seed }
            return state.outcome
        }
    }

    func work() {
        do {
            let simulator = try Simulator()
            while let seed = take() {
                var report = try simulator.run(seed: seed)
                if seed % 50 == 0 { report = try compare(report, with: simulator.run(seed: seed)) }
                state.withLock { $0.outcome.add(report) }
            }
        } catch {
            state.withLock { $0.error = error }
        }
    }

    private func take() -> UInt64? {
        state.withLock { state in
            guard state.next < range.first + UInt64(range.count), state.outcome.failures.count < range.maxFailures,
                state.error == nil
            else { return nil }
            defer { state.next += 1 }
            return state.next
        }
    }

    private func compare(_ report: SimulationReport, with other: SimulationReport) -> SimulationReport {
        if report.digest == other.digest { return report }
        return report.broken(Violation(rule: "simulation", what: "the seed took another course the second time"))
    }
}

extension SeedRange.Outcome {
    mutating func add(_ report: SimulationReport) {
        seeds += 1
        steps += report.steps
        runs += report.runs
        servers += report.servers
        if report.violation != nil { failures.append(report) }
    }
}

extension SimulationReport {
    public var summary: String {
        "seed \(seed): \(violation.map { "VIOLATED \($0)" } ?? "ok"), \(steps) steps, \(runs) runs, \(servers) servers"
    }

    func broken(_ violation: Violation) -> SimulationReport {
        SimulationReport(
            seed: seed, violation: violation, steps: steps, runs: runs, servers: servers, digest: digest, trace: trace)
    }
}
