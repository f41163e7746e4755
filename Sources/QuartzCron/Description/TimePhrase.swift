// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The times of day, in words: "at 22:15"; "every 5 minutes" and "between 09:00 and 17:59".
struct TimePhrase {
    private(set) var parts: [String] = []
    /// Whether all hours fit, so that "every day" need not be said.
    let isAllDay: Bool

    let seconds: CronField
    let minutes: CronField
    let hours: CronField

    init(_ expression: CronExpression) {
        (seconds, minutes, hours) = (expression.seconds, expression.minutes, expression.hours)
        isAllDay = hours.isFull(.hour)
        if let second = seconds.first, seconds.count == 1 {
            parts = clockTimes(second) ?? hourly(second) ?? withinHours(second)
        } else {
            parts = withinMinutes
        }
    }

    /// "At 09:00 and 17:00", if they are few.
    private func clockTimes(_ second: Int) -> [String]? {
        guard minutes.count * hours.count <= 5 else { return nil }
        let times = hours.values.flatMap { hour in minutes.values.map { WallTime.time(hour, $0, second) } }
        return ["at " + English.list(times)]
    }

    /// "Every hour", "every 2 hours, starting at 01:15", "every hour from 09:00 through 17:00".
    private func hourly(_ second: Int) -> [String]? {
        guard minutes.count == 1, let minute = minutes.first else { return nil }
        if isAllDay {
            return [minute == 0 && second == 0 ? "every hour" : "at \(past(minute, second)) past every hour"]
        }
        func time(_ hour: Int) -> String { WallTime.time(hour, minute, second) }
        if let steps = hours.steps(.hour) {
            let lead = "every \(steps.distance) hours"
            if steps.isEndless { return [lead, "starting at \(time(steps.first))"] }
            return ["\(lead) from \(time(steps.first)) through \(time(steps.last))"]
        }
        let runs = hours.runs(.hour, goesRound: true)
        guard runs.count == 1, let first = runs[0].first, let last = runs[0].last else { return nil }
        return ["every hour from \(time(first)) through \(time(last))"]
    }

    /// One second of several minutes: "every 5 minutes", "at 0, 15 and 40 minutes past the hour".
    private func withinHours(_ second: Int) -> [String] {
        (second == 0 ? minutesOnTheDot : ["at \(English.count(second, "second")) past \(minutesOfHour)"]) + hourLimit
    }

    private var minutesOnTheDot: [String] {
        if minutes.isFull(.minute) { return ["every minute"] }
        if let steps = every(minutes, of: .minute, past: hourName) { return steps }
        let runs = minutes.runs(.minute)
        if runs.count == 1, runs[0].count > 2, let first = runs[0].first, let last = runs[0].last {
            return ["every minute from \(first) through \(last) past \(hourName)"]
        }
        if minutes.count == 1, minutes.first == 0 { return ["on the hour"] }
        let unit = minutes.count == 1 && minutes.first == 1 ? "minute" : "minutes"
        return ["at \(English.runs(runs) { "\($0)" }) \(unit) past \(hourName)"]
    }

    /// Several seconds: "every 10 seconds", "in minutes 0 and 30 of the hour".
    private var withinMinutes: [String] {
        if let between = stretchOfOneHour { return secondsOfMinute + [between] }
        return secondsOfMinute + (minutes.isFull(.minute) ? [] : ["in \(minutesOfHour)"]) + hourLimit
    }

    private var secondsOfMinute: [String] {
        if seconds.isFull(.second) { return ["every second"] }
        let minuteName = minutes.isFull(.minute) ? "every minute" : "the minute"
        if let steps = every(seconds, of: .second, past: minuteName) { return steps }
        let runs = seconds.runs(.second)
        if runs.count == 1, runs[0].count > 2, let first = runs[0].first, let last = runs[0].last {
            return ["every second from \(first) through \(last) past \(minuteName)"]
        }
        return ["at \(English.runs(runs) { "\($0)" }) seconds past \(minuteName)"]
    }

    /// Successive minutes of a single hour: "between 14:05:00 and 14:09:59".
    private var stretchOfOneHour: String? {
        let runs = minutes.runs(.minute)
        guard hours.count == 1, let hour = hours.first, runs.count == 1, !minutes.isFull(.minute),
            let first = runs[0].first, let last = runs[0].last
        else { return nil }
        return "between \(WallTime.time(hour, first)):00 and \(WallTime.time(hour, last)):59"
    }
}
