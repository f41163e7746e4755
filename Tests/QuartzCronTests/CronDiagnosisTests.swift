// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsTesting
import QuartzCron
import Testing

@Suite("what is wrong with an expression, and where")
struct CronDiagnosisTests {
    private func diagnosis(_ text: String) throws -> CronDiagnosis {
        do {
            _ = try CronExpression(text)
        } catch { return CronDiagnosis(error, in: text) }
        throw Unexpected(text: text)
    }

    private struct Unexpected: Error { let text: String }

    @Test("what was given, a mark under it, what is allowed, and Quartz's own words")
    func lines() throws {
        #expect(
            try diagnosis("0 0 8,24 * * ?").lines == [
                "'24' is not allowed for the hour",
                "    0 0 8,24 * * ?",
                "          ^^",
                "Allowed for the hour: 0 to 23, lists (1,5), ranges (1-5), steps (0/5) and *",
                "In Quartz's words: Hour values must be between 0 and 23",
            ])
    }

    @Test(
        "the mark is under the faulty part, blanks and tabs or not",
        arguments: [
            ("60 0 0 * * ?", "^^"), ("  0\t60 0 * * ?", "   \t^^"), ("0 0 0 1,L * ?", "      ^^^"),
            ("0 0 12 ? * MON-", "           ^^^^"), ("0 0 12 ? * MON,XYZ,TUE", "               ^^^"),
            ("0 0 0 * * MON", "          ^^^"), ("0 0 12 * * ? 2026 x  y", "                  ^^^^"),
            ("0 0 12 * * ?;", "            ^"), ("0 0 12 ? * ?", "           ^"),
            ("0 0 0 ? * MON#6 2026", "          ^^^^^"),
            ("* * * * *", "         ^"), ("0 0 0 * 1-x ?", "        ^^^"), ("@daily", "^^^^^^"),
            ("0 0 0 * * ? 2030-2020", "            ^^^^^^^^^"),
        ])
    func mark(_ text: String, _ mark: String) throws {
        let lines = try diagnosis(text).lines
        #expect(lines[1] == "    " + text)
        #expect(lines[2] == "    " + mark)
    }

    @Test("no mark where the place is not sure: a letter that is two in upper case, or a line end")
    func noMark() throws {
        #expect(try diagnosis("ß 0 24 * * ?").lines.contains { $0.contains("^") } == false)
        #expect(try diagnosis("0 0 24\n * * ?").lines.contains { $0.contains("^") } == false)
    }

    @Test(
        "what was probably meant",
        arguments: [
            ("0 9 * * 1-5", "0 0 9 ? * MON-FRI"), ("*/5 * * * *", "0 */5 * * * ?"), ("0 0 1 * *", "0 0 0 1 * ?"),
            ("30 6 * * 0,7", "0 30 6 ? * SUN,SUN"), ("0 0 12 * * *", "0 0 12 * * ?"), ("0 0 12 ? * ?", "0 0 12 * * ?"),
            ("0 0 12 * * MON 2030", "0 0 12 ? * MON 2030"), ("0 0 12 1 * *", "0 0 12 1 * ?"),
            ("@hourly", "0 0 * * * ?"), ("@Weekly", "0 0 0 ? * SUN"),
        ])
    func suggestion(_ text: String, _ meant: String) throws {
        #expect(try diagnosis(text).lines.last == "Did you mean '\(meant)'?")
    }

    @Test(
        "no guess where there is no good one",
        arguments: ["", "0 9 * * 1-5/2", "0 9 1 * 1", "60 0 0 * * *", "0 0 12 1 * MON", "0 0 24 * * ?", "@reboot"])
    func noSuggestion(_ text: String) throws {
        #expect(try diagnosis(text).lines.contains { $0.hasPrefix("Did you mean") } == false)
    }

    @Test(
        "the first sentence",
        arguments: [
            ("", "0 fields given; needed are six or seven"), ("0", "1 field given; needed are six or seven"),
            ("0 0 0 1 * 1", "One of the two day fields has to be '?'"),
            ("0 0 0 ? 13 1", "'13' is not allowed for the month"),
            ("0 0 0 * * ? x", "'x' is not allowed for the year"),
            ("0 0 0 * * ? 2026 x", "Unexpected text after the expression: 'x'"),
        ])
    func summary(_ text: String, _ beginning: String) throws {
        #expect(try diagnosis(text).summary.hasPrefix(beginning))
    }

    @Test("random texts are read or diagnosed, without a crash")
    func random() {
        var generator = SeededGenerator(seed: 5)
        let signs = Array("0123456789*?/-,#LWCMONFRIJAN@ \t  ßé😀")
        for _ in 0..<5000 {
            let length = Int.random(in: 0...24, using: &generator)
            let text = String((0..<length).map { _ in signs.randomElement(using: &generator) ?? " " })
            do { _ = try CronExpression(text) } catch {
                #expect(CronDiagnosis(error, in: text).lines.count > 1 || text.isEmpty, "\(text)")
            }
        }
    }
}
