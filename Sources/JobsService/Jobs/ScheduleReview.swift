// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import QuartzCron

/// What a schedule means and when it fires, for people.
struct ScheduleReview: Sendable {
    private static let count = 10

    let description: CronDescription
    let preview: FireTimePreview

    /// nil when the expression or the zone is not valid.
    init?(_ schedule: CronSchedule, after time: Timestamp) {
        guard let schedule = FireTimeSchedule(schedule) else { return nil }
        description = CronDescription(schedule.expression, in: schedule.zone)
        preview = FireTimePreview(
            schedule.expression, in: schedule.zone, after: time.milliseconds, count: Self.count)
    }

    func write(to writer: inout JSONWriter) {
        writer.member("description", description.text)
        writer.key("next_fire_times")
        writer.array { writer in
            for entry in preview.entries {
                writer.object { writer in
                    writer.member("time", entry.time)
                    writer.member("utc", entry.utc)
                    writer.member("local", entry.local)
                    if let note = entry.note { writer.member("note", note) }
                }
            }
        }
    }
}
