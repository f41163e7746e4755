// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The months, in words. Days that are counted within a month name it themselves ("on the 1st of January"); others have
/// the months behind them ("every day, in January").
struct MonthPhrase {
    private let months: CronField
    private let isPartOfDay: Bool

    init(_ expression: CronExpression) {
        months = expression.months
        isPartOfDay =
            switch expression.days {
            case .daysOfMonth(let days): !days.isFull(.dayOfMonth)
            case .daysOfWeek: false
            default: true
            }
    }

    /// "In January and July"; nil where it goes without saying.
    var text: String? {
        if months.isFull(.month) || isPartOfDay { return nil }
        return isOneStretch ? "from \(list)" : "in \(list)"
    }

    /// "Of the month", "of January and July", "of each month from June through August".
    var ofMonth: String {
        if months.isFull(.month) { return "of the month" }
        return isOneStretch ? "of each month from \(list)" : "of \(list)"
    }

    /// The name of the only month.
    var single: String? { months.count == 1 ? months.first.map(Self.name) : nil }

    private var runs: [[Int]] { months.runs(.month, goesRound: true) }
    private var list: String { English.runs(runs, Self.name) }
    private var isOneStretch: Bool { runs.count == 1 && months.count > 2 }

    private static func name(_ month: Int) -> String { names[month - 1] }

    private static let names = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
