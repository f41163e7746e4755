// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Synchronization

/// A task driver without processes, for tests and simulations: tasks end when the script says so.
public final class SimulatedTaskDriver: TaskDriver {
    /// The scripted outcome of a task.
    public enum Script: Sendable {
        case ends(TaskOutcome)
        /// Until `stop`.
        case runsUntilStopped
        case failsToPrepare(String)
        case failsToLaunch(String)
        case isLost
    }

    private struct State {
        var launches: [RunID: Int] = [:]
        var prepared: [RunID] = []
        var stopped: Set<RunID> = []
        var cleanedUp: [RunID] = []
        var recordedEnds: [RunID: Timestamp] = [:]
        var waiting: [RunID: CheckedContinuation<Void, Never>] = [:]
    }

    /// A registry in which this driver runs every kind of task.
    public var registry: TaskDriverRegistry {
        TaskDriverRegistry(Dictionary(uniqueKeysWithValues: JobTask.Kind.allCases.map { ($0, self) }))
    }

    private let state = Mutex(State())
    private let clock: any WallClock
    private let script: @Sendable (Run) -> Script

    public init(clock: any WallClock, _ script: @escaping @Sendable (Run) -> Script = { _ in .ends(.succeeded) }) {
        self.clock = clock
        self.script = script
    }

    /// How often each run's task was really launched: never more than once.
    public var launches: [RunID: Int] { state.withLock { $0.launches } }
    public var cleanedUp: [RunID] { state.withLock { $0.cleanedUp } }

    /// Records the end of a task, for `inspect`, without resuming a waiter.
    public func recordEnd(of run: RunID, at time: Timestamp) { state.withLock { $0.recordedEnds[run] = time } }

    public func inspect(_ run: RunID) async -> TaskStatus {
        TaskStatus(recordedEnd: state.withLock { $0.recordedEnds[run] })
    }

    public func cluster(for run: Run) throws -> ClusterInstance? { ClusterInstance(clusterID: .default) }

    public func prepare(_ run: Run) async throws {
        if case .failsToPrepare(let message) = script(run) { throw TaskFailure(message) }
        state.withLock { $0.prepared.append(run.id) }
    }

    public func start(_ run: Run) async throws -> TaskStart {
        if case .failsToLaunch(let message) = script(run) { throw TaskFailure(message) }
        return state.withLock { state in
            if state.launches[run.id] != nil { return .alreadyRunning }
            state.launches[run.id] = 1
            return .started
        }
    }

    public func wait(for run: Run) async throws -> TaskEnd {
        let usage = TaskUsage(exitCode: 0, signal: nil, cpuTime: .zero, peakMemory: 0)
        switch script(run) {
        case .ends(let outcome): return .ended(outcome, at: clock.now, usage: usage)
        case .isLost: return .lost(message: "The task was lost.")
        case .runsUntilStopped, .failsToLaunch, .failsToPrepare:
            await stopped(run.id)
            try Task.checkCancellation()
            return .ended(.failed(message: "stopped"), at: clock.now, usage: usage)
        }
    }

    private func stopped(_ run: RunID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isStopped = state.withLock { state in
                    if state.stopped.contains(run) || Task.isCancelled { return true }
                    state.waiting[run] = continuation
                    return false
                }
                if isStopped { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: run) }?.resume()
        }
    }

    public func stop(_ run: RunID) async {
        let waiting = state.withLock { state in
            state.stopped.insert(run)
            return state.waiting.removeValue(forKey: run)
        }
        waiting?.resume()
    }

    public func cleanUp(_ run: RunID) async throws { state.withLock { $0.cleanedUp.append(run) } }
}
