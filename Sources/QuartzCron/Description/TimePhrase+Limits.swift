// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// Phrases that the times of day are built from.
extension TimePhrase {
    var hourName: String { isAllDay ? "every hour" : "the hour" }

    /// "15 minutes and 30 seconds".
    func past(_ minute: Int, _ second: Int) -> String {
        let minutes = English.count(minute, "minute")
        let seconds = English.count(second, "second")
        if second == 0 { return minutes }
        return minute == 0 ? seconds : "\(minutes) and \(seconds)"
    }

    /// "Every 5 minutes"; where they begin late, or do not go on evenly into the next hour, says so. Nil for a few uneven
    /// ones, which are better listed.
    func every(_ field: CronField, of kind: CronFieldKind, past whole: String) -> [String]? {
        guard let steps = field.steps(kind, ofAtLeast: 2), steps.isEndless || field.count > 3 else { return nil }
        let unit = kind.name
        let lead = "every \(steps.distance) \(unit)s"
        if !steps.isEndless { return ["\(lead) from \(steps.first) through \(steps.last) past \(whole)"] }
        return steps.first == 0 ? [lead] : [lead, "starting at \(English.count(steps.first, unit)) past \(whole)"]
    }

    /// "Minutes 0, 15 and 40 of the hour".
    var minutesOfHour: String {
        if minutes.isFull(.minute) { return "every minute" }
        if let steps = minutes.steps(.minute) {
            let ordinal = English.ordinal(steps.distance)
            return "every \(ordinal) minute from minute \(steps.first) through \(steps.last) of \(hourName)"
        }
        let list = English.runs(minutes.runs(.minute)) { "\($0)" }
        return "minute\(minutes.count == 1 ? "" : "s") \(list) of \(hourName)"
    }

    /// "Between 09:00 and 17:59"; nothing where all hours fit.
    var hourLimit: [String] {
        if isAllDay { return [] }
        let runs = hours.runs(.hour, goesRound: true)
        if runs.count == 1 || (runs.count == 2 && runs.allSatisfy { $0.count > 1 }) {
            return [English.list(runs.map(Self.between))]
        }
        return ["in the hours " + English.runs(runs) { "\($0)" }]
    }

    private static func between(_ run: [Int]) -> String {
        "between \(WallTime.time(run.first ?? 0, 0)) and \(WallTime.time(run.last ?? 0, 59))"
    }
}
