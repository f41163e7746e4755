// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import QuartzCron
import Testing

@Suite("what Quartz 2.3.2 itself answered")
struct ReferenceTableTests {
    @Test("the next five fire times of 1,500 schedules, around changes of daylight saving, new year and leap days")
    func fireTimes() throws {
        let rows = try referenceRows("quartz-next-fire")
        #expect(rows.count == 1500)
        var differences: [String] = []
        for row in rows {
            let columns = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let expected = try columns[3].split(separator: " ").map { try milliseconds(String($0)) }
            let expression = try CronExpression(columns[0])
            let zone = try JavaTimeZone(columns[1])
            let found = Array(expression.fireTimes(after: try milliseconds(columns[2]), in: zone).prefix(5))
            if found != expected { differences.append("\(row)\n  found \(found)") }
        }
        #expect(differences.isEmpty, "\(differences.count) rows differ: \(differences.prefix(5))")
    }

    /// Contract C2: what Quartz skips behind a complete expression is refused.
    private let refusedHere = ["0 0 12 * * ? 2026 x", "0 0 12 * * ?;"]

    @Test("which expressions are valid, and what is wrong with the others")
    func validity() throws {
        let rows = try referenceRows("quartz-validity")
        #expect(rows.count > 80)
        for row in rows {
            let columns = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let message = Self.complaint(about: columns[1])
            if refusedHere.contains(columns[1]) {
                #expect(message?.hasPrefix("Unexpected text after the expression: '") == true)
            } else {
                #expect(message == (columns[0] == "valid" ? nil : columns[2]), "\(columns[1])")
            }
        }
    }

    @Test(
        "nothing may follow a complete expression",
        arguments: ["0 0 12 * * ? 2026 x", "0 0 12 * * ?;", "0 0 12 * * ?x", "0 0 12 ? * MON 2026;", "0 0 12 ? * MON,"])
    func trailingText(_ text: String) {
        let isRefused = Self.complaint(about: text)?.hasPrefix("Unexpected text after the expression: '") == true
        // An empty item of a list is none, also for Quartz: nothing is skipped there.
        #expect(isRefused == !text.hasSuffix(","))
    }

    private static func complaint(about text: String) -> String? {
        do {
            _ = try CronExpression(text)
            return nil
        } catch { return error.message }
    }
}
