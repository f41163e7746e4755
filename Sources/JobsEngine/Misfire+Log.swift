// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import Logging

extension Misfire {
    /// Beyond that they are not counted: a schedule that fires each second has millions of them in a month.
    private static let maxCounted = 1000

    /// The log's metadata: which schedule, how many instants from when to when, why, and what was done.
    /// - Parameter watchingSince: since when the scheduler has been running.
    func logMetadata(watchingSince: Timestamp) -> Logger.Metadata {
        let count = schedule.count(of: missed, limit: Self.maxCounted)
        let done =
            madeUpFor.map { "one run, for the newest instant, \($0.iso8601)" }
            ?? "recorded, and not made up for: too long ago"
        return [
            "job_id": "\(jobID)", "schedule": "\(schedule.expressionText)", "timezone_id": "\(schedule.timezoneID)",
            "instants": count < Self.maxCounted ? "\(count)" : "\(count) or more",
            "first": "\(missed.first.iso8601)", "through": "\(missed.through.iso8601)",
            "reason": missed.first <= watchingSince
                ? "the server was not running"
                : "the machine stood still, was overloaded, or its clock was set forward",
            "done": "\(done)",
        ]
    }
}
