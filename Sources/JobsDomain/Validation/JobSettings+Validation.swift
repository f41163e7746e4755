// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON

/// The rules of contract C that need to know nothing but the settings; what they refer to is `references`.
extension JobSettings {
    /// Reports everything that is wrong with the settings.
    public func validate(_ context: RuleContext) {
        context.range("timeout_seconds", timeoutSeconds, 0...Int32.max, meaning: " (0: no timeout)")
        context.range("max_concurrent_runs", maxConcurrentRuns, 0...1000)
        schedule?.validate(context.at("schedule"))
        emailNotifications.validate(context.at("email_notifications"))
        webhookNotifications?.validate(context.at("webhook_notifications"))
        health?.validate(context.at("health"))
        for task in tasks { task.validate(context) }
    }
}

extension TaskSettings {
    func validate(_ context: RuleContext) {
        context.range("max_retries", maxRetries, -1...Int32.max, meaning: " (-1: without end)")
        context.range("min_retry_interval_millis", minRetryIntervalMillis, 0...Int32.max)
        if case .new(let cluster)? = cluster { cluster.validate(context.at("new_cluster")) }
        for (index, library) in (libraries ?? []).enumerated() { library.validate(context.at("libraries[\(index)]")) }
        task.definition.validate(context.at(task.kind.rawValue), self, outer: context)
    }
}
