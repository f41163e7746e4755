// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The years, in words.
struct YearPhrase {
    /// "In 2026", "from 2026 on"; nil for all years.
    let text: String?

    init(_ years: CronYears) {
        let values = years.values
        let runs = CronField.runs(values)
        guard !years.isFull, let first = values.first, let last = values.last else {
            text = nil
            return
        }
        if let steps = CronField.steps(values, cycle: 0) {
            let end = steps.last + steps.distance > CronExpression.latestYear ? "on" : "through \(last)"
            text = "in every \(English.ordinal(steps.distance)) year from \(first) \(end)"
        } else if runs.count == 1, values.count > 1 {
            text = last == CronExpression.latestYear ? "from \(first) on" : "from \(first) through \(last)"
        } else {
            text = "in " + English.runs(runs) { "\($0)" }
        }
    }
}
