// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// The valid expression that was probably meant by one that is not: a Unix one, or one with a slip in its day fields.
struct CronSuggestion {
    /// Nil where there is no good guess.
    let text: String?

    init(_ given: String) {
        let words = given.split { $0 == " " || $0 == "\t" }.map(String.init)
        let candidate =
            switch words.count {
            case 1: Self.nicknames[given.lowercased()]
            case 5: Self.fromUnix(words)
            case 6, 7: Self.withOneDay(words)
            default: nil as String?
            }
        text = candidate.flatMap { (try? CronExpression($0)) == nil ? nil : $0 }
    }

    private static let nicknames = [
        "@yearly": "0 0 0 1 1 ?", "@annually": "0 0 0 1 1 ?", "@monthly": "0 0 0 1 * ?", "@weekly": "0 0 0 ? * SUN",
        "@daily": "0 0 0 * * ?", "@midnight": "0 0 0 * * ?", "@hourly": "0 0 * * * ?",
    ]

    /// Unix has no seconds, and counts days of the week from 0, which is Sunday like 7.
    private static func fromUnix(_ words: [String]) -> String? {
        let names = CronFieldKind.dayOfWeek.valueNames
        if words[4].contains(where: { "/#L".contains($0) }) { return nil }
        let dayOfWeek = String(words[4].flatMap { sign in Int(String(sign)).map { names[$0 % 7] } ?? String(sign) })
        return withOneDay(["0"] + words[..<4] + [dayOfWeek])
    }

    /// With `?` for the day field that says nothing.
    private static func withOneDay(_ words: [String]) -> String? {
        var words = words
        switch (words[3], words[5]) {
        case ("?", "?"): words[3] = "*"
        case (_, "*"): words[5] = "?"
        case ("*", _): words[3] = "?"
        default: break
        }
        return words.joined(separator: " ")
    }
}
