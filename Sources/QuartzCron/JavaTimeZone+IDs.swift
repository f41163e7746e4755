// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

// What an id can be.
extension JavaTimeZone {
    enum ShortID: Sendable {
        case region(String)
        /// Hours east of UTC, all year.
        case offset(Int)
    }

    /// Java's three-letter ids, which mean what they meant to Java 1.1: `BST` is Bangladesh, `IST` India.
    static let shortIDs: [String: ShortID] = [
        "ACT": .region("Australia/Darwin"), "AET": .region("Australia/Sydney"),
        "AGT": .region("America/Argentina/Buenos_Aires"), "ART": .region("Africa/Cairo"),
        "AST": .region("America/Anchorage"), "BET": .region("America/Sao_Paulo"), "BST": .region("Asia/Dhaka"),
        "CAT": .region("Africa/Harare"), "CNT": .region("America/St_Johns"), "CST": .region("America/Chicago"),
        "CTT": .region("Asia/Shanghai"), "EAT": .region("Africa/Addis_Ababa"), "ECT": .region("Europe/Paris"),
        "EST": .offset(-5), "HST": .offset(-10), "IET": .region("America/Indiana/Indianapolis"),
        "IST": .region("Asia/Kolkata"), "JST": .region("Asia/Tokyo"), "MIT": .region("Pacific/Apia"),
        "MST": .offset(-7), "NET": .region("Asia/Yerevan"), "NST": .region("Pacific/Auckland"),
        "PLT": .region("Asia/Karachi"), "PNT": .region("America/Phoenix"), "PRT": .region("America/Puerto_Rico"),
        "PST": .region("America/Los_Angeles"), "SST": .region("Pacific/Guadalcanal"),
        "VST": .region("Asia/Ho_Chi_Minh"),
    ]

    /// The ids of the IANA database that are one word.
    private static let words: Set<String> = [
        "CET", "CST6CDT", "Cuba", "EET", "EST5EDT", "Egypt", "Eire", "GB", "GB-Eire", "GMT", "GMT0", "Greenwich",
        "Hongkong", "Iceland", "Iran", "Israel", "Jamaica", "Japan", "Kwajalein", "Libya", "MET", "MST7MDT", "NZ",
        "NZ-CHAT", "Navajo", "PRC", "PST8PDT", "Poland", "Portugal", "ROC", "ROK", "Singapore", "Turkey", "UCT", "UTC",
        "Universal", "W-SU", "WET", "Zulu",
    ]

    /// Foundation understands more than Java does (`UTC+8`, abbreviations), all of it without a slash.
    static func isRegion(_ id: String) -> Bool { words.contains(id) || id.contains("/") }

    /// Seconds east of UTC of a custom id: `GMT`, a sign, hours of one or two digits, then perhaps minutes of two, with
    /// or without a colon between them. Java's own reader is laxer than its documentation (`GMT+00130`); this is not.
    static func customOffset(of id: String) -> Int? {
        let text = Array(id.utf8)
        guard text.count > 4, text.starts(with: "GMT".utf8) else { return nil }
        let sign: Int
        switch text[3] {
        case UInt8(ascii: "+"): sign = 1
        case UInt8(ascii: "-"): sign = -1
        default: return nil
        }
        var digits = text[4...]
        if let colon = digits.firstIndex(of: UInt8(ascii: ":")) {
            guard digits.endIndex - colon == 3, 1...2 ~= colon - digits.startIndex else { return nil }
            digits.remove(at: colon)
        }
        guard 1...4 ~= digits.count, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            return nil
        }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        let (hours, minutes) = digits.count <= 2 ? (number, 0) : (number / 100, number % 100)
        return hours <= 23 && minutes <= 59 ? sign * (hours * 3600 + minutes * 60) : nil
    }
}
