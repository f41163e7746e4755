// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The cluster that a task runs on.
public enum ClusterChoice: Equatable, Sendable {
    case existing(ClusterID)
    case new(NewCluster)
}

/// One task of a job, with all that decides how it runs. Jobs API 2.0 shows one task per job, in the job's own members.
public struct TaskSettings: Equatable, Sendable {
    /// The key of the task of a job that was made through API 2.0, where tasks have no names.
    public static let singleTaskKey = "main"

    public var taskKey: String
    public var task: JobTask
    /// None for tasks that have compute of their own (pipelines, run-job).
    public var cluster: ClusterChoice?
    public var libraries: [Library]?
    /// -1: without end. Absent: never.
    public var maxRetries: Int32?
    public var minRetryIntervalMillis: Int32?
    public var retryOnTimeout: Bool?

    public init(taskKey: String = Self.singleTaskKey, task: JobTask, cluster: ClusterChoice?) {
        self.taskKey = taskKey
        self.task = task
        self.cluster = cluster
    }

    public var retryPolicy: RetryPolicy {
        RetryPolicy(
            limit: maxRetries ?? 0,
            minRetryInterval: .milliseconds(Int64(minRetryIntervalMillis ?? 0)),
            retryOnTimeout: retryOnTimeout ?? false)
    }
}

extension TaskSettings {
    /// Reads the members of a task from the object that holds them: the job's settings in API 2.0, an element of
    /// `tasks` in the store.
    init(reading reader: ObjectReader, taskKey: String) {
        self.taskKey = taskKey
        let tasks = JobTask.all(reading: reader)
        if tasks.count != 1 { Self.reportTaskChoice(tasks, to: reader) }
        task = tasks.first ?? .sparkPython(SparkPythonTask(pythonFile: ""))
        cluster = Self.cluster(reading: reader, needed: tasks.contains(where: \.needsCluster))
        libraries = reader.structures("libraries")
        maxRetries = reader.int32("max_retries")
        minRetryIntervalMillis = reader.int32("min_retry_interval_millis")
        retryOnTimeout = reader.bool("retry_on_timeout")
    }

    private static func reportTaskChoice(_ tasks: [JobTask], to reader: ObjectReader) {
        // A member of a wrong type was reported already; "none" would be a second complaint about the same thing.
        if tasks.isEmpty, JobTask.Kind.allCases.contains(where: { reader.has($0.rawValue) }) { return }
        let choice = JobTask.Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let given = tasks.isEmpty ? "none" : tasks.map(\.kind.rawValue).joined(separator: ", ")
        reader.report.invalid("Exactly one of \(choice) must be specified; given: \(given).")
    }

    private static func cluster(reading reader: ObjectReader, needed: Bool) -> ClusterChoice? {
        let existing = reader.string("existing_cluster_id")
        let new: NewCluster? = reader.structure("new_cluster")
        switch (existing, new) {
        case (let id?, nil):
            if id.isEmpty { reader.invalid("existing_cluster_id", given: "\"\"", allowed: "the id of a cluster") }
            return .existing(ClusterID(id))
        case (nil, let cluster?):
            return .new(cluster)
        case (nil, nil):
            if needed, !reader.has("existing_cluster_id"), !reader.has("new_cluster") {
                reader.report.invalid("Either new_cluster or existing_cluster_id must be specified.")
            }
            return nil
        case (.some, .some):
            reader.report.invalid(
                "Either new_cluster or existing_cluster_id must be specified, not both of them.")
            return nil
        }
    }

    /// Writes the members into an object that the caller has opened.
    func writeMembers(to writer: inout JSONWriter) {
        writeClusterSpec(to: &writer)
        writer.member("max_retries", maxRetries)
        writer.member("min_retry_interval_millis", minRetryIntervalMillis)
        writer.member("retry_on_timeout", retryOnTimeout)
        task.write(to: &writer)
    }

    /// The members of "ClusterSpec": cluster choice and libraries.
    public func writeClusterSpec(to writer: inout JSONWriter) {
        switch cluster {
        case .existing(let id): writer.member("existing_cluster_id", id.rawValue)
        case .new(let cluster): writer.member("new_cluster", cluster)
        case nil: break
        }
        writer.member("libraries", libraries)
    }
}
