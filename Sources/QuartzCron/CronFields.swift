// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What is known of an expression while it is read: the values of each field and the marks beside them.
struct CronFields {
    private var values = [CronField](repeating: CronField(), count: CronFieldKind.year.rawValue)
    private(set) var years = CronYears()
    /// `L` among the days of the month, and its distance from the last day.
    var lastDayOfMonth = false
    var lastDayOffset = 0
    /// `W`.
    var nearestWeekday = false
    /// `6L`.
    var lastDayOfWeek = false
    /// The 3 of `6#3`; 0 where there is none.
    var nthDayOfWeek = 0

    /// Not for `.year`.
    subscript(kind: CronFieldKind) -> CronField { values[kind.rawValue] }

    mutating func insert(_ value: Int, in kind: CronFieldKind) {
        if kind == .year { years.insert(value) } else { values[kind.rawValue].insert(value) }
    }

    /// Stores `first-last/increment`, with `nil` for what is not given.
    /// - Throws: where a value is out of the field's range, or years run backwards.
    mutating func insert(
        from first: Int, to last: Int? = nil, every increment: Int? = nil, in kind: CronFieldKind
    ) throws(CronParseError) {
        let isEvery = first == CronField.everyMark
        try check(first, last, in: kind)
        let step = increment ?? 0
        guard isEvery || step > 0 else { return insert(first, in: kind) }
        try fill(
            from: isEvery ? kind.range.lowerBound : first, to: last ?? kind.range.upperBound, every: max(step, 1),
            in: kind)
    }

    private func check(_ first: Int, _ last: Int?, in kind: CronFieldKind) throws(CronParseError) {
        if first == CronField.everyMark || kind == .year { return }
        if first == CronField.unspecifiedMark, kind == .dayOfMonth || kind == .dayOfWeek { return }
        guard kind.range.contains(first), last ?? 0 <= kind.range.upperBound else { throw .outOfRange(kind) }
    }

    /// A range that ends before it begins goes on into the next minute, hour, day, month, year or week.
    private mutating func fill(
        from first: Int, to last: Int, every step: Int, in kind: CronFieldKind
    ) throws(CronParseError) {
        if kind == .year {
            guard first <= last else { throw .yearsBackwards }
            for year in stride(from: first, through: min(last, CronExpression.latestYear), by: step) {
                insert(year, in: kind)
            }
            return
        }
        let lowest = kind.range.lowerBound
        let end = last < first ? last + kind.cycle : last
        for value in stride(from: first, through: end, by: step) {
            insert((value - lowest) % kind.cycle + lowest, in: kind)
        }
    }
}
