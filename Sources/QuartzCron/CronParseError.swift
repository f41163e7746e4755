// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Why a text is no Quartz expression, with Quartz 2.3.2's messages (except `trailingText`, an addition).
public struct CronParseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The sentence for people, as Quartz's `ParseException` has it.
    public let message: String
    /// The field that was being read; nil where the fault is the expression's as a whole.
    public internal(set) var field: CronFieldKind?
    /// Where the fault is: the part of the text, in UTF-16 units, that could not be read. Nil where the place is not
    /// known.
    public internal(set) var range: Range<Int>?

    public var description: String { message }

    private init(_ message: String) { self.message = message }
}

// Of the expression as a whole.
extension CronParseError {
    static let unexpectedEnd = Self("Unexpected end of expression.")
    static let bothDays = Self(
        "Support for specifying both a day-of-week AND a day-of-month parameter is not implemented.")
    static let lastAmongDaysOfMonth = Self(
        "Support for specifying 'L' and 'LW' with other days of the month is not implemented")
    static let lastAmongDaysOfWeek = Self(
        "Support for specifying 'L' with other days of the week is not implemented")
    static let manyNthDays = Self("Support for specifying multiple \"nth\" days is not implemented.")

    /// Quartz has no such message: it would skip the text and say nothing.
    static func trailingText(_ text: String) -> Self { Self("Unexpected text after the expression: '\(text)'") }
}

// Of one field.
extension CronParseError {
    static let nth = Self("A numeric value between 1 and 5 must follow the '#' option")
    static let lastDayOffset = Self("Offset from last day must be <= 30")
    static let incrementMissing = Self("'/' must be followed by an integer.")
    static let endOfString = Self("Unexpected end of string.")
    static let unspecifiedMisplaced = Self("'?' can only be specified for Day-of-Month or Day-of-Week.")
    static let unspecifiedTwice = Self("'?' can only be specified for Day-of-Month -OR- Day-of-Week.")
    static let nearestWeekdayTooLarge = Self(
        "The 'W' option does not make sense with values larger than 31 (max number of days in a month)")

    static func character(_ character: String) -> Self { Self("Unexpected character: \(character)") }
    static func afterUnspecified(_ character: String) -> Self { Self("Illegal character after '?': \(character)") }
    static func afterIncrement(_ character: String) -> Self { Self("Unexpected character '\(character)' after '/'") }
    static func misplaced(_ option: String, at position: Int) -> Self {
        Self("'\(option)' option is not valid here. (pos=\(position))")
    }
    static func letters(_ text: String) -> Self { Self("Illegal characters for this position: '\(text)'") }
    static func monthName(_ text: String) -> Self { Self("Invalid Month value: '\(text)'") }
    static func dayName(_ text: String) -> Self { Self("Invalid Day-of-Week value: '\(text)'") }

    static func outOfRange(_ kind: CronFieldKind) -> Self {
        switch kind {
        case .second, .minute: Self("Minute and Second values must be between 0 and 59")
        case .hour: Self("Hour values must be between 0 and 23")
        case .dayOfMonth: Self("Day of month values must be between 1 and 31")
        case .month: Self("Month values must be between 1 and 12")
        case .dayOfWeek, .year: Self("Day-of-Week values must be between 1 and 7")
        }
    }

    static func increment(_ increment: Int, over bound: Int) -> Self { Self("Increment > \(bound) : \(increment)") }
}

// What Java threw inside Quartz, which put it into a message as it was.
extension CronParseError {
    static func java(_ exception: String) -> Self { Self("Illegal cron expression format (\(exception))") }

    static func noNumber(_ text: String) -> Self {
        java("java.lang.NumberFormatException: For input string: \"\(text)\"")
    }
    static func outOfBounds(_ details: String) -> Self {
        java("java.lang.StringIndexOutOfBoundsException: \(details)")
    }
    static let noElement = java("java.util.NoSuchElementException")
    static let yearsBackwards = java(
        "java.lang.IllegalArgumentException: Start year must be less than stop year")
}
