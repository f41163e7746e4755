// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging

/// Takes one run from its current state to its end. Each step is recorded before the next begins, and each is
/// idempotent, so that a server started later resumes the run at the recorded state.
struct RunExecution: Sendable {
    let id: RunID
    let stop: StopToken
    let store: any RunLifecycleStore
    let drivers: TaskDriverRegistry
    let wakeUps: any EngineWakeUps
    let clock: any WallClock
    /// Has job_id and run_id as metadata.
    let logger: Logger

    /// Returns when the run has ended, or, throwing, when the server shuts down or the store fails.
    func perform() async throws {
        while let run = try await store.run(forExecution: id), run.state.lifeCycleState.isActive {
            try Task.checkCancellation()
            switch run.state.lifeCycleState {
            case .pending: try await prepare(run)
            case .running: try await runTask(run)
            case .terminating: try await cleanUp(run)
            case .terminated, .skipped, .internalError: return
            }
        }
    }

    /// PENDING -> RUNNING, or INTERNAL_ERROR when preparing cluster or libraries fails.
    private func prepare(_ run: Run) async throws {
        do {
            if run.times.start > clock.now {
                // A retry that waits for its interval to pass.
                guard try await finishesBeforeStop({ try await clock.sleep(until: run.times.start) }) else { return }
            }
            let driver = try drivers.driver(of: run.kind)
            let cluster = try driver.cluster(for: run)
            if run.clusterInstance == nil, let cluster, case .new = run.task.cluster {
                // Creating the cluster takes a while: its id is shown as soon as it is requested.
                try await store.noteCluster(cluster, of: id)
            }
            guard try await finishesBeforeStop({ try await driver.prepare(run) }) else { return }
            try await record(.taskStarted, facts: RunFacts(cluster: cluster))
        } catch let failure as TaskFailure {
            try await fail(failure, run)
        }
    }

    /// RUNNING -> TERMINATING with the task's result.
    private func runTask(_ run: Run) async throws {
        do {
            let driver = try drivers.driver(of: run.kind)
            // A task that a former server started is not counted: its age is no start latency.
            if try await driver.start(run) == .started { EngineMetrics.started(after: clock.now - run.times.start) }
            switch try await end(of: run, driver) {
            case .ended(let outcome, let time, let usage):
                let facts = RunFacts(cluster: await instance(of: run, driver), usage: usage)
                try await record(.taskEnded(outcome), at: time, facts: facts)
            case .lost(let message):
                try await fail(TaskFailure(message), run)
            }
        } catch let failure as TaskFailure {
            try await fail(failure, run)
        }
    }

    /// TERMINATING -> TERMINATED.
    private func cleanUp(_ run: Run) async throws {
        let driver = drivers[run.kind]
        await driver?.stop(id)
        // Shutting down: `stop` may have returned early, so the next server repeats it and records the end.
        try Task.checkCancellation()
        do {
            try await driver?.cleanUp(id)
            try await record(.cleanedUp)
        } catch let failure as TaskFailure {
            try await record(.cleanUpFailed(message: failure.message))
        }
    }

    /// The service failed: remaining processes of the run must not outlive it.
    private func fail(_ failure: TaskFailure, _ run: Run) async throws {
        let driver = drivers[run.kind]
        await driver?.stop(id)
        try Task.checkCancellation()
        try? await driver?.cleanUp(id)
        try await record(.failedInternally(message: failure.message))
    }

    private func record(_ event: RunEvent, at time: Timestamp? = nil, facts: RunFacts = RunFacts()) async throws {
        let recorded = try await store.record(event, of: id, at: time ?? clock.now, facts: facts)
        logger.log(
            level: recorded.changed ? .info : .debug, recorded.changed ? "run moved" : "run had moved already",
            metadata: [
                "state": "\(recorded.state.lifeCycleState.rawValue)",
                "result": "\(recorded.state.resultState?.rawValue ?? "-")",
            ])
        if let retry = recorded.retry { logger.info("run will be retried", metadata: ["retry_run_id": "\(retry)"]) }
        if recorded.changed, !recorded.state.lifeCycleState.isActive { EngineMetrics.ended(recorded.state) }
        wakeUps.runsChanged(recorded.stopped + (recorded.retry.map { [$0] } ?? []))
    }

    /// Runs `work` until it ends or the run is to be stopped; false in the latter case.
    private func finishesBeforeStop(_ work: @escaping @Sendable () async throws -> Void) async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await work()
                return true
            }
            group.addTask { await !stop.wait() }
            defer { group.cancelAll() }
            let finished = try await group.next() ?? false
            if finished { try Task.checkCancellation() }
            return finished
        }
    }

    /// Waits for the task's end; meanwhile ends the task when asked to, and polls for its Spark application.
    private func end(of run: Run, _ driver: any TaskDriver) async throws -> TaskEnd {
        try await withThrowingTaskGroup(of: TaskEnd?.self) { group in
            group.addTask { try await driver.wait(for: run) }
            group.addTask {
                if await stop.wait() { await driver.stop(id) }
                return nil
            }
            if run.clusterInstance?.sparkContextID == nil {
                group.addTask {
                    try? await noteSparkApplication(of: run, driver)
                    return nil
                }
            }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                if let end { return end }
            }
            throw CancellationError()
        }
    }

    /// The run's cluster as far as it is known.
    private func instance(of run: Run, _ driver: any TaskDriver) async -> ClusterInstance? {
        guard var instance = try? driver.cluster(for: run) else { return nil }
        instance.sparkContextID = await driver.inspect(id).sparkContextID
        return instance
    }

    /// The Spark application is known some seconds after the task began, if it uses Spark at all.
    private func noteSparkApplication(of run: Run, _ driver: any TaskDriver) async throws {
        var pause = Duration.milliseconds(500)
        while true {
            try await clock.sleep(for: pause)
            if let instance = await instance(of: run, driver), instance.sparkContextID != nil {
                return try await store.noteCluster(instance, of: id)
            }
            pause = min(pause * 2, .seconds(15))
        }
    }
}
