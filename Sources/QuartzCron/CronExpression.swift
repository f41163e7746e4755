// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// A Quartz cron expression, read as Quartz 2.3.2 reads it: six fields or seven (second, minute, hour, day of the
/// month, month, day of the week, year), one of the two day fields being `?`.
///
/// One kind of text that Quartz accepts is refused: something behind a complete expression, which Quartz skips
/// silently. That is anything after the seventh field (`0 0 12 * * ? 2026 x`), anything glued to a `?` that ends the
/// expression, and a sign that has no meaning in the language behind the last value (`0 0 12 * * ?;`). What Quartz
/// skips elsewhere (`MOND`, `MON-FRI/2`) is skipped here too; `ignoredText` has it.
public struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// The last year in which an expression fires. Quartz takes a hundred years from the year in which its process
    /// was started; this module has no clock, and no result that changes at a restart, so this is the limit of a Quartz
    /// that was started in 2026.
    public static let latestYear = 2126

    /// The expression as it was given.
    public let text: String
    /// What Quartz skips of the text, in upper case: `/2` of `MON-FRI/2`. Mostly empty, else probably a mistake.
    public let ignoredText: [String]

    let seconds: CronField
    let minutes: CronField
    let hours: CronField
    let months: CronField
    let days: DayRule
    let years: CronYears
    /// False where a field holds no value (`,`, or `L` where it means nothing), which Quartz accepts and fails at later.
    let mayFire: Bool

    /// - Throws: what is wrong, in Quartz's words.
    public init(_ text: String) throws(CronParseError) {
        let parser = try CronParser(text)
        let fields = parser.fields
        guard let days = DayRule(fields) else { throw .bothDays }
        self.text = text
        self.days = days
        ignoredText = parser.ignored
        (seconds, minutes, hours) = (fields[.second], fields[.minute], fields[.hour])
        (months, years) = (fields[.month], fields.years)
        mayFire = ![seconds, minutes, hours, months].contains(where: \.isEmpty) && !years.isEmpty && !days.isEmpty
    }

    public var description: String { text }
}
