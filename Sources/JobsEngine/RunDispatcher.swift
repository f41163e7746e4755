// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore
import Logging
import ServiceLifecycle

/// Sees to it that every run that has not ended is being executed: new ones, retries that wait for their time, and,
/// after a start, those that a former server has left.
public actor RunDispatcher: Service {
    private let store: any RunLifecycleStore
    private let drivers: TaskDriverRegistry
    private let wakeUps: EngineEvents
    private let clock: any WallClock
    private let logger: Logger
    /// How often to look without a hint: a lost one costs two looks at most. No shorter than the scheduler holds hints
    /// back, or a look would find a run twice that is being held back.
    private let pause: Duration
    /// The runs that are in the hands of an execution.
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

    /// Has runs executed until the task is cancelled.
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

    /// Makes an execution for a run that has none; passes a stop on to one that has.
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
            // The server shuts down; the next one goes on.
        } catch {
            // Looked at again after a pause: the store may have recovered by then.
            execution.logger.error("execution broke off", metadata: ["error": "\(error)"])
        }
        executions[execution.id] = nil
    }

    /// The first look finds what a former server has left. Later, a run without an execution may be so new that its hint
    /// is on its way, held back until a pass of the scheduler is written down: only a run that was already there at the
    /// look before has lost it.
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
