// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Settings as a client sent them. Each has a unique name, by which the checks identify it in the database.
struct JobVersion: Sendable {
    let name: String
    var schedule: SchedulePattern?
    var isPaused = false
    var maxConcurrentRuns: Int
    var timeoutSeconds: Int64
    var maxRetries: Int64
    var minRetryInterval: Int64
    var retryOnTimeout: Bool
    /// The server's timestamp of the change.
    var time = Timestamp(milliseconds: 0)

    init(name: String, _ random: inout SeededRandom) {
        self.name = name
        if random.chance(600) { schedule = SchedulePattern(&random) }
        isPaused = random.chance(150)
        maxConcurrentRuns = random.pick([0, 1, 1, 1, 2, 3, 1000])
        timeoutSeconds = random.pick([0, 0, 1, 3, 10, 30])
        maxRetries = random.pick([0, 0, 1, 2, 3, -1])
        minRetryInterval = random.pick([0, 500, 2000, 10_000, 20_000])
        retryOnTimeout = random.chance(500)
    }

    /// The schedule when it fires.
    var activeSchedule: SchedulePattern? { isPaused ? nil : schedule }

    var settings: JobSettings {
        var task = TaskSettings(
            task: .sparkPython(SparkPythonTask(pythonFile: "dbfs:/a.py")), cluster: .existing(.default))
        task.maxRetries = Int32(maxRetries)
        task.minRetryIntervalMillis = Int32(minRetryInterval)
        task.retryOnTimeout = retryOnTimeout
        var settings = JobSettings(name: name, tasks: [task])
        settings.maxConcurrentRuns = Int32(maxConcurrentRuns)
        settings.timeoutSeconds = Int32(timeoutSeconds)
        settings.schedule = schedule?.schedule(isPaused: isPaused)
        return settings
    }
}

/// All settings that any client has sent, by name.
///
/// Proof of Sendable: used on the world's thread only.
final class JobVersions: @unchecked Sendable {
    private var versions: [String: JobVersion] = [:]
    private var count = 0

    func make(_ random: inout SeededRandom) -> JobVersion {
        count += 1
        return JobVersion(name: "settings-\(count)", &random)
    }

    /// - Parameter time: the server's timestamp of the change.
    func add(_ version: JobVersion, at time: Timestamp) {
        versions[version.name] = version
        versions[version.name]?.time = time
    }

    subscript(_ name: String) -> JobVersion? { versions[name] }
}
