// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The type of trigger that fired a run ("TriggerType").
public enum TriggerType: String, Sendable, CaseIterable {
    case periodic = "PERIODIC"
    case oneTime = "ONE_TIME"
    case retry = "RETRY"
}

/// How a run was created ("run_type").
public enum RunType: String, Sendable, CaseIterable {
    case jobRun = "JOB_RUN"
    case workflowRun = "WORKFLOW_RUN"
    case submitRun = "SUBMIT_RUN"
}

/// The instants between a run's phases; durations are their differences, so that they always add up.
public struct RunTimes: Equatable, Sendable {
    /// When the run was triggered; for a retry that waits, when it may start.
    public var start: Timestamp
    public var executionStart: Timestamp?
    public var executionEnd: Timestamp?
    public var end: Timestamp?

    public init(start: Timestamp) { self.start = start }

    /// Milliseconds from start to the task's start, or to the end of a run whose task never started.
    public var setupDuration: Int64 {
        guard let setupEnd = executionStart ?? executionEnd ?? end else { return 0 }
        return (setupEnd - start).wholeMilliseconds
    }

    /// Milliseconds for which the task ran; 0 until it has ended.
    public var executionDuration: Int64 {
        guard let executionStart, let executionEnd = executionEnd ?? end else { return 0 }
        return (executionEnd - executionStart).wholeMilliseconds
    }

    /// Milliseconds from the task's end to the run's; 0 until then.
    public var cleanupDuration: Int64 {
        guard let executionEnd, let end else { return 0 }
        return (end - executionEnd).wholeMilliseconds
    }
}

/// "ClusterInstance", and the Spark application on it.
public struct ClusterInstance: Equatable, Sendable {
    public var clusterID: ClusterID
    /// The id of the Spark application.
    public var sparkContextID: String?

    public init(clusterID: ClusterID, sparkContextID: String? = nil) {
        self.clusterID = clusterID
        self.sparkContextID = sparkContextID
    }
}

/// A run as the engine sees it: one attempt at one task.
public struct Run: Equatable, Sendable {
    public let id: RunID
    public let jobID: JobID
    public let numberInJob: Int64
    public let taskKey: String
    /// The run whose notebook has started this one.
    public let parentRunID: RunID?
    /// The run of the job that this run is a task of; a run of API 2.0 is its own.
    public let jobRunID: RunID
    public let attemptNumber: Int32
    public let state: RunState
    public let times: RunTimes
    /// When the run is stopped; nil: never.
    public let deadline: Timestamp?
    public let clusterInstance: ClusterInstance?
    /// The task with the settings that were in force when the run was created.
    public let task: TaskSettings
    public var kind: JobTask.Kind { task.task.kind }
    public let parameters: RunParameters?
    /// The user who requested the run, with whose permissions it reads secrets.
    public let creatorUserName: String
    /// How many runs wait for this one by dbutils.notebook.run; 0 for a run that no notebook has started.
    public let workflowDepth: Int

    public init(
        id: RunID, jobID: JobID, numberInJob: Int64, taskKey: String, parentRunID: RunID?,
        jobRunID: RunID? = nil, attemptNumber: Int32, state: RunState, times: RunTimes, deadline: Timestamp?,
        clusterInstance: ClusterInstance?, task: TaskSettings,
        parameters: RunParameters?, creatorUserName: String, workflowDepth: Int = 0
    ) {
        self.id = id
        self.jobID = jobID
        self.numberInJob = numberInJob
        self.taskKey = taskKey
        self.parentRunID = parentRunID
        self.jobRunID = jobRunID ?? id
        self.attemptNumber = attemptNumber
        self.state = state
        self.times = times
        self.deadline = deadline
        self.clusterInstance = clusterInstance
        self.task = task
        self.parameters = parameters
        self.creatorUserName = creatorUserName
        self.workflowDepth = workflowDepth
    }
}

/// A recorded transition of a run's life cycle.
public struct RunTransition: Equatable, Sendable {
    public let time: Timestamp
    /// nil where the run was created.
    public let from: RunLifeCycleState?
    public let to: RunState

    public init(time: Timestamp, from: RunLifeCycleState?, to: RunState) {
        self.time = time
        self.from = from
        self.to = to
    }
}

extension RunTimes {
    /// The times after a run entered `state` at `time`. Never earlier than the phase before, should the clock have been
    /// set back.
    public func entering(_ state: RunLifeCycleState, at time: Timestamp) -> RunTimes {
        var times = self
        if executionStart == nil, executionEnd == nil, time < start {
            // A waiting retry that is stopped never starts: its planned start time is replaced.
            times.start = time
        }
        let time = max(time, executionEnd ?? executionStart ?? times.start)
        switch state {
        case .pending: break
        case .running: times.executionStart = time
        case .terminating: times.executionEnd = time
        case .terminated, .skipped: times.end = time
        case .internalError:
            times.executionEnd = times.executionEnd ?? time
            times.end = time
        }
        return times
    }
}
