// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import ServiceLifecycle

/// Keeps every run that has not ended in execution: new runs, retries that wait for their start time, and, after a
/// start, runs of the previous server process.
public actor RunDispatcher: Service {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let wakeUps: EngineEvents
    private let clock: any WallClock
    private let logger: Logger
    /// The polling interval: a lost wake-up delays a run by two intervals at most. Not shorter than the scheduler's
    /// `maxHold`, or two polls in a row could find a run whose wake-up is still held back.
    private let pause: Duration
    /// The runs that have an execution.
    private var executions: [RunID: StopToken] = [:]

    public init(
        store: any RunLifecycleStore, drivers: TaskDriverRegistry, wakeUps: EngineEvents, clock: any WallClock,
        logger: Logger,
        pause: Duration = .seconds(5)
    ) {
        self.store = store
        self.drivers = drivers
        self.wakeUps = wakeUps
        self.clock = clock
        self.logger = logger
        self.pause = pause
    }

    /// Executions are child tasks; a graceful shutdown cancels them, which leaves the tasks' processes alone.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    /// Executes runs until the task is cancelled.
    package func work() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.lookNowAndThen() }
            for await runs in wakeUps.changedRuns {
                for run in runs {
                    guard let execution = await take(run) else { continue }
                    group.addTask { await self.perform(execution) }
                }
            }
            group.cancelAll()
        }
    }

    /// Creates an execution for a run that has none; forwards a stop to an existing one.
    private func take(_ id: RunID) async -> RunExecution? {
        var logger = logger
        logger[metadataKey: "run_id"] = "\(id)"
        let stopToken = executions[id] ?? StopToken()
        let isNew = executions.updateValue(stopToken, forKey: id) == nil
        do {
            let run = try await store.run(forExecution: id)
            guard let run, run.state.lifeCycleState.isActive else {
                if isNew { executions[id] = nil }
                return nil
            }
            if run.state.lifeCycleState == .terminating { stopToken.trip() }
            logger[metadataKey: "job_id"] = "\(run.jobID)"
        } catch {
            logger.error("cannot read a run", metadata: ["error": "\(error)"])
            if isNew { executions[id] = nil }
            return nil
        }
        guard isNew else { return nil }
        return RunExecution(
            id: id, stop: stopToken, store: store, drivers: drivers, wakeUps: wakeUps, clock: clock, logger: logger)
    }

    private func perform(_ execution: RunExecution) async {
        do {
            try await execution.perform()
        } catch is CancellationError {
            // The server shuts down; the next one continues the run.
        } catch {
            // Polling takes the run up again: the store may have recovered by then.
            execution.logger.error("execution broke off", metadata: ["error": "\(error)"])
        }
        executions[execution.id] = nil
    }

    /// The first poll finds the runs of the previous server process. Later, a run without an execution may be so new
    /// that the scheduler still holds back its wake-up until its pass is committed: only a run that the previous poll
    /// has found as well has lost its wake-up.
    private func lookNowAndThen() async {
        var waiting: Set<RunID>?
        repeat {
            do {
                let found = try await store.activeRuns().filter { needsAttention($0) }
                let isNew = { (run: ActiveRun) in waiting?.contains(run.id) == false }
                wakeUps.runsChanged(found.filter { $0.lifeCycleState == .terminating || !isNew($0) }.map(\.id))
                waiting = Set(found.map(\.id))
            } catch {
                logger.error("cannot look for runs", metadata: ["error": "\(error)"])
            }
        } while (try? await clock.sleep(for: pause)) != nil
    }

    private func needsAttention(_ run: ActiveRun) -> Bool {
        executions[run.id] == nil || run.lifeCycleState == .terminating
    }
}
