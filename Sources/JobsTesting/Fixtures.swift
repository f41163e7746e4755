// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

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

    /// A job that its schedule starts; by default at most a thousand runs at once.
    public static func scheduled(
        _ expression: String, _ zone: String = "UTC", paused: Bool = false, runs: Int32 = 1000
    ) -> JobSettings {
        var settings = JobSettings.fixture(maxConcurrentRuns: runs)
        settings.schedule = CronSchedule(
            reading: reader([
                "quartz_cron_expression": .string(expression), "timezone_id": .string(zone),
                "pause_status": .string(paused ? "PAUSED" : "UNPAUSED"),
            ]))
        return settings
    }

    /// The settings with a health rule for each number of seconds.
    public func expecting(seconds: [Int32]) -> JobSettings {
        var settings = self
        let rules = seconds.map { value in
            JSONValue.object([
                "metric": .string("RUN_DURATION_SECONDS"), "operator": .string("GREATER_THAN"),
                "value": .integer(Int64(value)),
            ])
        }
        settings.health = JobsHealthRules(reading: reader(["rules": .array(rules)]))
        return settings
    }

    /// The settings with a webhook that calls a notification destination when a run fails.
    public func notifying(_ destination: String) -> JobSettings {
        var settings = self
        settings.webhookNotifications = WebhookNotifications(
            reading: reader(["on_failure": .array([.object(["id": .string(destination)])])]))
        return settings
    }
}

extension NotificationDestination {
    /// A generic webhook.
    public static func fixture(
        _ id: String, name: String = "fixture", url: String = "https://example.com"
    ) -> NotificationDestination {
        NotificationDestination(
            id: id, displayName: name,
            config: DestinationConfig(reading: reader(["generic_webhook": .object(["url": .string(url)])])))
    }
}

private func reader(_ object: JSONObject) -> ObjectReader { ObjectReader(object, report: ReadingReport()) }
