// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsTesting

/// A random expression, and what it means.
struct RandomSchedule {
    let text: String
    let search: SlowSearch

    /// - Parameter daily: whether every day fits.
    init(daily: Bool = false, using generator: inout SeededGenerator) {
        let second = Field.random(0...59, alone: 6, using: &generator)
        let minute = Field.random(0...59, alone: 2, using: &generator)
        let hour = Field.random(0...23, alone: 1, using: &generator)
        let month = daily ? Field.everyMonth : .random(1...12, alone: 0, names: Self.months, using: &generator)
        let year = daily || Bool.random(using: &generator) ? Year.every : .random(using: &generator)
        let days = daily ? Days.every : .random(using: &generator)
        text = "\(second.text) \(minute.text) \(hour.text) \(days.ofMonth) \(month.text) \(days.ofWeek)\(year.text)"
        search = SlowSearch(
            seconds: second.values.sorted(), minutes: minute.values.sorted(), hours: hour.values.sorted(),
            isDay: { month.values.contains($0.month) && year.isYear($0.year) && days.isDay($0) })
    }

    private static let months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    static let daysOfWeek = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
}

extension RandomSchedule {
    /// A field of values.
    struct Field {
        let text: String
        let values: Set<Int>

        static let everyMonth = Field(text: "*", values: Set(1...12))

        /// - Parameter alone: how much likelier than any other form a single value is.
        static func random(
            _ range: ClosedRange<Int>, alone: Int, names: [String] = [], using generator: inout SeededGenerator
        ) -> Field {
            let (low, high) = (range.lowerBound, range.upperBound)
            let first = Int.random(in: range, using: &generator)
            let second = Int.random(in: range, using: &generator)
            let step = Int.random(in: 1...min(high, 23), using: &generator)
            let isNamed = !names.isEmpty && Bool.random(using: &generator)
            func name(_ value: Int) -> String { isNamed ? names[value - low] : "\(value)" }
            switch Int.random(in: 0...(5 + alone), using: &generator) {
            case 0: return Field(text: "*", values: Set(range))
            case 1: return Field(text: "*/\(step)", values: Set(stride(from: low, through: high, by: step)))
            case 2: return Field(text: "\(first)/\(step)", values: Set(stride(from: first, through: high, by: step)))
            case 3:
                // A range that ends before it begins goes round.
                let all = first <= second ? Array(first...second) : Array(first...high) + Array(low...second)
                return Field(text: "\(name(first))-\(name(second))", values: Set(all))
            case 4:
                let all = first <= second ? Array(first...second) : Array(first...high) + Array(low...second)
                let kept = all.enumerated().filter { $0.offset % step == 0 }.map(\.element)
                return Field(text: "\(first)-\(second)/\(step)", values: Set(kept))
            case 5: return Field(text: "\(name(first)),\(name(second))", values: [first, second])
            default: return Field(text: name(first), values: [first])
            }
        }
    }

    struct Year {
        let text: String
        let isYear: (Int) -> Bool

        static var every: Year { Year(text: "", isYear: { _ in true }) }

        static func random(using generator: inout SeededGenerator) -> Year {
            let first = Int.random(in: 2020...2030, using: &generator)
            let last = first + Int.random(in: 0...9, using: &generator)
            switch Int.random(in: 0...4, using: &generator) {
            case 0: return Year(text: " \(first)-\(last)", isYear: { first...last ~= $0 })
            case 1: return Year(text: " \(first),\(last)", isYear: { $0 == first || $0 == last })
            case 2: return Year(text: " \(first)/3", isYear: { $0 >= first && ($0 - first) % 3 == 0 })
            case 3: return Year(text: " */4", isYear: { ($0 - 1970) % 4 == 0 })
            default: return Year(text: " *", isYear: { _ in true })
            }
        }
    }

    /// Both day fields, one of which is `?`.
    struct Days {
        var ofMonth = "?"
        var ofWeek = "?"
        let isDay: (CalendarDay) -> Bool

        static var every: Days { Days(ofMonth: "*", isDay: { _ in true }) }

        static func random(using generator: inout SeededGenerator) -> Days {
            let day = Int.random(in: 1...28, using: &generator)
            let distance = Int.random(in: 1...27, using: &generator)
            let dayOfWeek = Int.random(in: 1...7, using: &generator)
            let nth = Int.random(in: 1...5, using: &generator)
            switch Int.random(in: 0...9, using: &generator) {
            case 0: return Days(ofMonth: "L", isDay: { $0.day == $0.lastDay })
            case 1: return Days(ofMonth: "L-\(distance)", isDay: { $0.day == $0.lastDay - distance })
            case 2: return Days(ofMonth: "LW", isDay: { $0.day == $0.weekday(nearestTo: $0.lastDay) })
            case 3:
                return Days(
                    ofMonth: "L-\(distance)W", isDay: { $0.day == $0.weekday(nearestTo: $0.lastDay - distance) })
            case 4: return Days(ofMonth: "\(day)W", isDay: { $0.day == $0.weekday(nearestTo: day) })
            case 5:
                return Days(
                    ofWeek: "\(dayOfWeek)L", isDay: { $0.dayOfWeek == dayOfWeek && $0.day + 7 > $0.lastDay })
            case 6:
                let name = RandomSchedule.daysOfWeek[dayOfWeek - 1]
                return Days(
                    ofWeek: "\(name)#\(nth)", isDay: { $0.dayOfWeek == dayOfWeek && ($0.day + 6) / 7 == nth })
            case 7, 8:
                let field = Field.random(1...31, alone: 1, using: &generator)
                return Days(ofMonth: field.text, isDay: { field.values.contains($0.day) })
            default:
                let field = Field.random(1...7, alone: 1, names: RandomSchedule.daysOfWeek, using: &generator)
                return Days(ofWeek: field.text, isDay: { field.values.contains($0.dayOfWeek) })
            }
        }
    }
}
