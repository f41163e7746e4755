// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The days, in words: "every day", "on the last Friday of the month".
struct DayPhrase {
    let text: String

    static let everyDay = "every day"

    init(_ expression: CronExpression) {
        let month = MonthPhrase(expression)
        text =
            switch expression.days {
            case .daysOfMonth(let days): Self.daysOfMonth(days, month)
            case .lastDay(let offset): "\(offset == 0 ? "on " : "")\(Self.lastDay(offset)) \(month.ofMonth)"
            case .weekdayNearestToLastDay(0): "on the last weekday \(month.ofMonth)"
            case .weekdayNearestToLastDay(let offset):
                "on the weekday nearest to \(Self.lastDay(offset)) \(month.ofMonth)"
            case .weekdayNearest(0): "on the weekday nearest to the day before the 1st \(month.ofMonth)"
            case .weekdayNearest(let day): "on the weekday nearest to the \(English.ordinal(day)) \(month.ofMonth)"
            case .daysOfWeek(let days): Self.daysOfWeek(days)
            case .last(let day): "on the last \(Self.dayName(day)) \(month.ofMonth)"
            case .nth(let nth, let day): "on the \(Self.nth[nth - 1]) \(Self.dayName(day)) \(month.ofMonth)"
            }
    }

    private static func daysOfMonth(_ days: CronField, _ month: MonthPhrase) -> String {
        if days.isFull(.dayOfMonth) { return everyDay }
        if days.count == 1, let day = days.first, let name = month.single { return "on \(name) \(day)" }
        if let steps = days.steps(.dayOfMonth) {
            return "on every \(English.ordinal(steps.distance)) day \(month.ofMonth) from the "
                + "\(English.ordinal(steps.first)) through the \(English.ordinal(steps.last))"
        }
        return "on the \(English.runs(days.runs(.dayOfMonth), English.ordinal)) \(month.ofMonth)"
    }

    private static func lastDay(_ offset: Int) -> String {
        offset == 0 ? "the last day" : "\(English.count(offset, "day")) before the last day"
    }

    private static func daysOfWeek(_ days: CronField) -> String {
        if days.isFull(.dayOfWeek) { return everyDay }
        let runs = days.runs(.dayOfWeek, goesRound: true)
        let list = English.runs(runs, dayName)
        return runs.count == 1 && runs[0].count > 2 ? list : "every \(list)"
    }

    /// Quartz lets any number through before `#`: 0 is Saturday again, those beyond 7 never come.
    private static func dayName(_ day: Int) -> String {
        day <= 7 ? dayNames[(day + 6) % 7] : "day of the week beyond the seventh"
    }

    private static let dayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let nth = ["first", "second", "third", "fourth", "fifth"]
}
