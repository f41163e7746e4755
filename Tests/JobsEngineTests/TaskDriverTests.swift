// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsEngine
import JobsJSON
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Logging
import Testing

/// What adding a kind of task takes beside its structure: a driver, and its line in the registry
/// (docs/checklists/add-a-task-type.md). This one needs no process and no cluster.
private struct RunJobDriver: TaskDriver {
    let clock: any WallClock

    func cluster(for run: Run) throws -> ClusterInstance? { nil }

    func prepare(_ run: Run) async throws {
        guard case .runJob(let task) = run.task.task, task.jobID == JobID(1) else {
            throw TaskFailure("Only job 1 may be run.")
        }
    }

    func start(_ run: Run) async throws -> TaskStart { .started }

    func wait(for run: Run) async throws -> TaskEnd {
        .ended(
            .failed(message: "the job said no"), at: clock.now,
            usage: TaskUsage(exitCode: nil, signal: nil, cpuTime: .zero, peakMemory: 0))
    }

    func inspect(_ run: RunID) async -> TaskStatus { TaskStatus() }
    func stop(_ run: RunID) async {}
    func cleanUp(_ run: RunID) async throws {}
}

@Suite("Drivers of kinds of tasks")
struct TaskDriverTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock()

    init() throws { temporary = try TemporaryStore() }

    /// Executes a run with a task of each of these kinds, and returns how they ended.
    private func ends(_ tasks: [JobTask]) async throws -> [RunState] {
        let drivers = TaskDriverRegistry([.runJob: RunJobDriver(clock: clock)])
        let wakeUps = EngineEvents()
        let dispatcher = RunDispatcher(
            store: temporary.store, drivers: drivers, wakeUps: wakeUps, clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        var runs: [RunID] = []
        for task in tasks { runs.append(try await run(task)) }
        let work = Task { await dispatcher.work() }
        defer { work.cancel() }
        wakeUps.runsChanged(runs)
        var states: [RunState] = []
        for run in runs {
            states.append(
                try await eventually("the end of \(run)") {
                    let state = try await temporary.store.run(run)?.state
                    return state?.lifeCycleState.isActive == false ? state : nil
                })
        }
        return states
    }

    private func run(_ task: JobTask) async throws -> RunID {
        let settings = JobSettings(
            tasks: [TaskSettings(task: task, cluster: task.needsCluster ? .existing(.default) : nil)])
        let job = try await temporary.store.createJob(settings, by: "a", at: clock.now)
        return try await temporary.store.admit(.fixture(of: job, at: clock.now)).runID
    }

    private func runJob(_ job: Int64) -> JobTask {
        .runJob(RunJobTask(reading: ObjectReader(["job_id": .integer(job)], report: ReadingReport())))
    }

    @Test("a task is run by the driver of its kind; one of a kind without a driver says that it cannot be run")
    func registry() async throws {
        for _ in 1...2 { _ = try await temporary.store.createJob(.fixture(), by: "a", at: clock.now) }
        let states = try await ends([
            runJob(1), runJob(2), .sparkPython(SparkPythonTask(pythonFile: "dbfs:/a.py")),
        ])
        #expect(states[0].lifeCycleState == .terminated)
        #expect(states[0].resultState == .failed)
        #expect(states[0].stateMessage == "the job said no")
        #expect(states[1].lifeCycleState == .internalError)
        #expect(states[1].stateMessage == "Only job 1 may be run.")
        #expect(states[2].lifeCycleState == .internalError)
        #expect(
            states[2].stateMessage
                == "Tasks of the type spark_python_task cannot be run by this version of Lamplighter.")
    }
}
