// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// A run as requests see it. Its settings are in `definition`; how an API version shows them is up to the
/// API layer.
public struct RunView: Sendable {
    public let id: RunID
    public let jobID: JobID
    public let numberInJob: Int64
    /// The first attempt of a run that was retried; of others the run itself.
    public let originalAttemptRunID: RunID
    /// 0 for the first attempt.
    public let attemptNumber: Int32
    /// The run of the job that this run is a task of; a run of API 2.0 is its own.
    public let jobRunID: RunID
    public let taskKey: String
    public let taskKind: JobTask.Kind
    public let state: RunState
    public let trigger: TriggerType
    public let runType: RunType
    public let runName: String
    public let creatorUserName: String
    public let times: RunTimes
    public let clusterInstance: ClusterInstance?
    /// The settings that were in force when the run was created.
    public let definition: JobDefinition
    public let overridingParameters: RunParameters?
    public let usage: TaskUsage?

    public init(
        id: RunID, jobID: JobID, numberInJob: Int64, originalAttemptRunID: RunID, attemptNumber: Int32,
        jobRunID: RunID, taskKey: String, taskKind: JobTask.Kind, state: RunState, trigger: TriggerType,
        runType: RunType, runName: String, creatorUserName: String, times: RunTimes, clusterInstance: ClusterInstance?,
        definition: JobDefinition, overridingParameters: RunParameters?, usage: TaskUsage?
    ) {
        self.id = id
        self.jobID = jobID
        self.numberInJob = numberInJob
        self.originalAttemptRunID = originalAttemptRunID
        self.attemptNumber = attemptNumber
        self.jobRunID = jobRunID
        self.taskKey = taskKey
        self.taskKind = taskKind
        self.state = state
        self.trigger = trigger
        self.runType = runType
        self.runName = runName
        self.creatorUserName = creatorUserName
        self.times = times
        self.clusterInstance = clusterInstance
        self.definition = definition
        self.overridingParameters = overridingParameters
        self.usage = usage
    }
}
