// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The few rules of English that a description needs.
enum English {
    /// `1st, 2nd and 15th`.
    static func list(_ items: [String]) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " and " + last
    }

    /// `21st`.
    static func ordinal(_ number: Int) -> String {
        let isTeen = 11...13 ~= number % 100
        let ending =
            switch number % 10 {
            case 1 where !isTeen: "st"
            case 2 where !isTeen: "nd"
            case 3 where !isTeen: "rd"
            default: "th"
            }
        return "\(number)\(ending)"
    }

    /// `1 day`, `2 days`.
    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// Successive values as `Monday through Friday`, if they are three or more; others one by one.
    static func runs(_ runs: [[Int]], _ name: (Int) -> String) -> String {
        list(
            runs.flatMap { run in
                if run.count > 2, let first = run.first, let last = run.last {
                    return ["\(name(first)) through \(name(last))"]
                }
                return run.map(name)
            })
    }
}
