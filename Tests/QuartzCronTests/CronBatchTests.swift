// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import QuartzCron
import Testing

@Suite("lamplighter cron: the report and the batch")
struct CronBatchTests {
    private func output(_ line: String) throws -> String { try CronBatchLine(line).output }

    private func fault(_ line: String) -> String? {
        do {
            _ = try CronBatchLine(line)
            return nil
        } catch { return error.description }
    }

    @Test("the reference table is its own answer, with or without its last column")
    func referenceTable() throws {
        for row in try referenceRows("quartz-next-fire").prefix(200) {
            #expect(try output(row) == row)
            let question = row.split(separator: "|").prefix(3).joined(separator: "|")
            #expect(try output(question) == row)
        }
    }

    @Test("a fire time that there is not is a dash")
    func dashes() throws {
        #expect(
            try output("0 0 12 1 1 ? 2026-2027|UTC|1767225600000")
                == "0 0 12 1 1 ? 2026-2027 | UTC | 1767225600000 | 2026-01-01T12:00:00Z 2027-01-01T12:00:00Z - - -")
        #expect(
            try output("0 0 12 30 2 ? | UTC | 2026-01-01T00:00:00Z")
                == "0 0 12 30 2 ? | UTC | 2026-01-01T00:00:00Z | - - - - -")
    }

    @Test("comments and empty lines are passed on", arguments: ["", "   ", "# a | b", "  # indented"])
    func verbatim(_ line: String) throws { #expect(try output(line) == line) }

    @Test(
        "a faulty line says what is wrong",
        arguments: [
            ("0 0 24 * * ? | UTC | 0", "'24' is not allowed for the hour (Hour values must be between 0 and 23)"),
            ("0 0 12 * * ? | Mars | 0", "Unknown time zone 'Mars'"),
            ("0 0 12 * * ? | UTC", "2 columns given; allowed: EXPRESSION | ZONE | AFTER"),
            ("0 0 12 * * ?", "1 column given; allowed: EXPRESSION | ZONE | AFTER"),
            ("a | b | c | d | e", "5 columns given; allowed: EXPRESSION | ZONE | AFTER"),
            ("0 0 12 * * ? | UTC | x", "AFTER 'x' is no instant; allowed: \(InstantText.allowed)"),
        ])
    func faulty(_ line: String, _ message: String) { #expect(fault(line) == message) }

    @Test(
        "a faulty line is answered by itself and what is wrong, in a column that is known again",
        arguments: [
            (
                "0 0 24 * * ?|UTC | 0",
                "0 0 24 * * ? | UTC | 0 | ERROR: '24' is not allowed for the hour (Hour values "
                    + "must be between 0 and 23)"
            ),
            ("a | b", "a | b | ERROR: 2 columns given; allowed: EXPRESSION, ZONE, AFTER"),
            ("", ""),
        ])
    func faultyOutput(_ line: String, _ answer: String) {
        #expect(CronBatch(line + "\n").map(\.output) == [answer])
        #expect(CronBatch(answer + "\n").map(\.output) == [answer])
    }

    @Test("a message that says all there is to say is said once")
    func notDoubled() {
        #expect(fault("0 0 12 * * ? 2026 x | UTC | 0") == "Unexpected text after the expression: 'x'")
    }

    @Test("a batch goes on after a faulty line and counts all lines, however they end")
    func batch() {
        let text = "# c\r\n\n0 0 12 * * ? | UTC | 0\nfaulty\n0 0 12 * * ? | UTC | 0"
        var answers: [String] = []
        for answer in CronBatch(text, count: 1) {
            switch answer.line {
            case .success(let line): answers.append("\(answer.lineNumber) \(line.output)")
            case .failure: answers.append("\(answer.lineNumber) faulty")
            }
        }
        let noon = "0 0 12 * * ? | UTC | 0 | 1970-01-01T12:00:00Z"
        #expect(answers == ["1 # c", "2 ", "3 \(noon)", "4 faulty", "5 \(noon)"])
        #expect(Array(CronBatch("")).isEmpty && Array(CronBatch("\n")).count == 1)
        #expect(Array(CronBatch("# a\n")).count == 1)
    }

    @Test("the report: description, fire times, notes")
    func report() throws {
        let report = CronReport(
            try CronExpression("0 30 2 * * ?"), in: try JavaTimeZone("America/Los_Angeles"),
            after: try milliseconds("2024-03-09T00:00:00Z"), count: 2)
        #expect(
            report.lines == [
                "At 02:30, every day, Los Angeles time.", "",
                "  2024-03-09T10:30:00Z  2024-03-09T02:30:00-08:00",
                "  2024-03-11T09:30:00Z  2024-03-11T02:30:00-07:00",
                "    02:30 does not exist on 2024-03-10 in America/Los_Angeles and is left out; "
                    + "the UTC offset changes from -08:00 to -07:00",
            ])
    }

    @Test("the report says what Quartz skips, and when a schedule ends")
    func remarks() throws {
        let report = CronReport(
            try CronExpression("0 0 0 ? * MON-FRI/2 2023"), in: .utc, after: try milliseconds("2023-12-28T00:00:00Z"),
            count: 3)
        #expect(
            report.lines == [
                "At 00:00, Monday through Friday, in 2023, UTC.",
                "Quartz skips '/2' in this expression; it is probably a mistake.", "",
                "  2023-12-29T00:00:00Z  2023-12-29T00:00:00+00:00", "",
                "It does not fire after 2023-12-29T00:00:00Z.",
            ])
        let ended = CronReport(try CronExpression("0 0 0 * * ? 2023"), in: .utc, after: 1_767_225_600_000, count: 3)
        #expect(
            ended.lines == ["At 00:00, every day, in 2023, UTC.", "", "It does not fire after 2026-01-01T00:00:00Z."])
    }
}
