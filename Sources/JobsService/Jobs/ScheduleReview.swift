// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// When a schedule fires, for people.
struct ScheduleReview: Sendable {
    private static let count = 10

    let times: [Timestamp]

    init?(_ schedule: CronSchedule, after time: Timestamp) {
        guard let schedule = FireTimeSchedule(schedule) else { return nil }
        var times: [Timestamp] = []
        while times.count < Self.count, let next = schedule.nextFireTime(after: times.last ?? time) {
            times.append(next)
        }
        self.times = times
    }

    func write(to writer: inout JSONWriter) {
        writer.member("description", "")
        writer.key("next_fire_times")
        writer.array { writer in
            for time in times {
                writer.object { writer in
                    writer.member("time", time.milliseconds)
                    writer.member("utc", "")
                    writer.member("local", "")
                }
            }
        }
    }
}
