// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// What a schedule does, in English: "At 22:15, every day, Los Angeles time".
///
/// It says what the fields mean to clocks on the wall. What becomes of times that clocks skip or show twice is said by
/// `FireTimePreview`, fire time by fire time.
public struct CronDescription: Hashable, Sendable, CustomStringConvertible {
    /// The sentence, without a full stop.
    public let text: String

    public var description: String { text }

    /// - Parameter zone: named at the end; nil says nothing of it.
    public init(_ expression: CronExpression, in zone: JavaTimeZone? = nil) {
        if let kind = expression.emptyField {
            let reach = kind == .year ? " up to \(CronExpression.latestYear)" : ""
            text = "Never: the field of the \(kind.name) holds no value\(reach)"
            return
        }
        let times = TimePhrase(expression)
        let days = DayPhrase(expression).text
        var parts = times.parts
        if !(days == DayPhrase.everyDay && times.isAllDay) { parts.append(days) }
        parts += [MonthPhrase(expression).text, YearPhrase(expression.years).text].compactMap(\.self)
        if expression.neverComes { parts.append("which never comes") }
        if let zone { parts.append(zone.nameInSentence) }
        text = English.capitalized(parts.joined(separator: ", "))
    }
}

extension CronExpression {
    /// A field without values, which keeps the expression from ever firing.
    fileprivate var emptyField: CronFieldKind? {
        if seconds.isEmpty { return .second }
        if minutes.isEmpty { return .minute }
        if hours.isEmpty { return .hour }
        if months.isEmpty { return .month }
        if years.isEmpty { return .year }
        switch days {
        case .daysOfMonth(let days) where days.isEmpty: return .dayOfMonth
        case .daysOfWeek(let days) where days.isEmpty: return .dayOfWeek
        default: return nil
        }
    }

    /// Whether no day of any year fits, like February 30.
    fileprivate var neverComes: Bool { nextFireTime(after: .min, in: .utc) == nil }
}
