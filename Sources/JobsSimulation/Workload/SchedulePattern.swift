// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON

/// A schedule that the checks can compute without a cron parser: a set of seconds of the hour.
struct SchedulePattern: Equatable, Sendable {
    let expression: String
    /// Seconds of an hour, local time, at which it fires.
    let isDue: @Sendable (_ secondOfHour: Int) -> Bool
    let zone: Zone

    /// A zone with an offset that does not change in the time of the simulation.
    struct Zone: Equatable, Sendable {
        let id: String
        /// Of local time, ahead of UTC.
        let minutes: Int64
    }

    static let zones = [
        Zone(id: "UTC", minutes: 0), Zone(id: "Asia/Kolkata", minutes: 330), Zone(id: "Asia/Kathmandu", minutes: 345),
        Zone(id: "GMT-03:30", minutes: -210), Zone(id: "Asia/Tokyo", minutes: 540),
    ]

    static func == (left: Self, right: Self) -> Bool {
        left.expression == right.expression && left.zone == right.zone
    }

    init(_ random: inout SeededRandom) {
        zone = random.pick(Self.zones)
        switch random.below(5) {
        case 0:
            let step = random.pick([1, 2, 3, 5])
            expression = "0/\(step) * * * * ?"
            isDue = { $0 % 60 % step == 0 }
        case 1, 2:
            let step = random.pick([5, 10, 15, 20, 30])
            expression = "0/\(step) * * * * ?"
            isDue = { $0 % 60 % step == 0 }
        case 3:
            let (first, second) = (random.below(30), 30 + random.below(30))
            expression = "\(first),\(second) * * * * ?"
            isDue = { $0 % 60 == first || $0 % 60 == second }
        default:
            let (step, second) = (random.pick([1, 2]), random.below(60))
            expression = "\(second) 0/\(step) * * * ?"
            isDue = { $0 % 60 == second && $0 / 60 % step == 0 }
        }
    }

    /// Its instants after `from` and up to `through`.
    func instants(after from: Timestamp, through: Timestamp) -> [Timestamp] {
        var second = from.milliseconds / 1000 + 1
        var instants: [Timestamp] = []
        while second * 1000 <= through.milliseconds {
            if isDue(Int((second + zone.minutes * 60) % 3600)) {
                instants.append(Timestamp(milliseconds: second * 1000))
            }
            second += 1
        }
        return instants
    }

    func has(_ instant: Timestamp) -> Bool {
        !instants(after: instant + .milliseconds(-1), through: instant).isEmpty
    }

    func schedule(isPaused: Bool) -> CronSchedule {
        CronSchedule(
            reading: ObjectReader(
                [
                    "quartz_cron_expression": .string(expression), "timezone_id": .string(zone.id),
                    "pause_status": .string(isPaused ? "PAUSED" : "UNPAUSED"),
                ], report: ReadingReport()))
    }
}
