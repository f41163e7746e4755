// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain
import JobsJSON
import JobsStore
import JobsStoreSQLite

extension JobSettings {
    /// A Python job on the default cluster.
    public static func fixture(
        name: String = "fixture", maxConcurrentRuns: Int32 = 1, timeoutSeconds: Int32 = 0, maxRetries: Int32? = nil,
        minRetryIntervalMillis: Int32? = nil, retryOnTimeout: Bool? = nil
    ) -> JobSettings {
        var task = TaskSettings(
            task: .sparkPython(SparkPythonTask(pythonFile: "dbfs:/a.py")), cluster: .existing(.default))
        task.maxRetries = maxRetries
        task.minRetryIntervalMillis = minRetryIntervalMillis
        task.retryOnTimeout = retryOnTimeout
        var settings = JobSettings(name: name, tasks: [task])
        settings.maxConcurrentRuns = maxConcurrentRuns
        settings.timeoutSeconds = timeoutSeconds
        return settings
    }
}

extension JobSettings {
    /// A job that its schedule starts; by default at most a thousand runs at once.
    public static func scheduled(
        _ expression: String, _ zone: String = "UTC", paused: Bool = false, runs: Int32 = 1000
    ) -> JobSettings {
        var settings = JobSettings.fixture(maxConcurrentRuns: runs)
        settings.schedule = CronSchedule(
            reading: ObjectReader(
                [
                    "quartz_cron_expression": .string(expression), "timezone_id": .string(zone),
                    "pause_status": .string(paused ? "PAUSED" : "UNPAUSED"),
                ], report: ReadingReport()))
        return settings
    }
}

extension NewRun {
    public static func fixture(of job: JobID, token: String? = nil, at time: Timestamp) -> NewRun {
        NewRun(
            jobID: job, parameters: nil,
            idempotency: token.map { IdempotencyKey(token: $0, requestDigest: "digest") }, trigger: .oneTime,
            creatorUserName: "tester", time: time)
    }
}

/// A store on a file of its own.
public final class TemporaryStore: Sendable {
    public let directory: TemporaryDirectory
    public let store: SQLiteStore

    /// - Parameter copying: a database to begin with; it is migrated.
    public init(limits: WorkspaceLimits = WorkspaceLimits(), copying database: String? = nil) throws {
        directory = try TemporaryDirectory()
        if let database { try FileManager.default.copyItem(atPath: database, toPath: directory.path + "/test.sqlite") }
        store = try SQLiteStore(path: directory.path + "/test.sqlite", limits: limits)
    }

    /// Opens the file a second time, as a server that is started later does.
    public func reopened() throws -> SQLiteStore { try SQLiteStore(path: directory.path + "/test.sqlite") }
}

extension SQLiteStore {
    /// The destination that the specification's examples name.
    public func addSpecDestination() async throws {
        let config: JSONObject = ["generic_webhook": .object(["url": .string("https://example.com")])]
        try await addDestination(
            NotificationDestination(
                id: "bf2fbd0a-4a05-4300-98a5-303fc8132233", displayName: "spec",
                config: DestinationConfig(reading: ObjectReader(config, report: ReadingReport()))),
            at: Timestamp(milliseconds: 0))
    }
}
