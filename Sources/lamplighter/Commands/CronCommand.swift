// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation
import QuartzCron

/// `lamplighter cron`: says what a schedule means and when it fires next, as the server would.
struct CronCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cron", abstract: "Explain a Quartz cron expression and list its next fire times.",
        discussion: """
            lamplighter cron --zone America/Los_Angeles "0 15 22 ? * MON-FRI"

            With --batch, each line of a file is `EXPRESSION | ZONE | AFTER`, and is printed with its next fire times \
            behind it, in UTC, `-` where there is none. Comments (#) and empty lines are passed on; fire times that are \
            there already are replaced. Each line has an answer: that of a faulty one ends with the column `ERROR: ...`, \
            which standard error has too, with the line's number; the exit status is 1 then.
            """)

    @Argument(help: "Six or seven fields: second minute hour day-of-month month day-of-week [year].")
    var expression: String?
    @Option(help: .init("A Java time zone id: America/Los_Angeles, UTC, GMT+8. (default: UTC)", valueName: "id"))
    var zone: String?
    @Option(
        help: .init(
            """
            List fire times after this instant: milliseconds since the epoch, or ISO 8601 with Z or an offset. \
            (default: now)
            """, valueName: "instant"))
    var after: String?
    @Option(parsing: .unconditional, help: .init("How many fire times to list.", valueName: "number")) var count = 5
    @Option(help: .init("Read schedules from this file; - is standard input.", valueName: "file"))
    var batch: String?
    @Flag(help: .hidden) var measure = false

    func validate() throws {
        if (expression == nil) == (batch == nil) {
            throw ValidationError("Give either an expression, in quotes, or --batch.")
        }
        if batch != nil, zone != nil || after != nil {
            throw ValidationError("With --batch, zone and instant are columns of the file.")
        }
        guard 1...10_000 ~= count else {
            throw ValidationError("Invalid value for --count: \(count). Allowed: 1 to 10000.")
        }
    }

    func run() throws {
        if let expression { try explain(expression) }
        if let batch, measure { print(CronBenchmark(try contents(batch)).line) }
        if let batch, !measure { try answer(batch) }
    }

    private func explain(_ text: String) throws {
        let report = CronReport(
            try expression(text), in: try timeZone(), after: try instant(), count: count)
        print(report.lines.joined(separator: "\n"))
    }

    private func expression(_ text: String) throws -> CronExpression {
        do { return try CronExpression(text) } catch { throw refusal(CronDiagnosis(error, in: text).lines) }
    }

    private func timeZone() throws -> JavaTimeZone {
        guard let zone else { return .utc }
        do { return try JavaTimeZone(zone) } catch { throw refusal([error.message]) }
    }

    private func instant() throws -> Int64 {
        guard let after else { return Int64(Date().timeIntervalSince1970 * 1000) }
        guard let instant = InstantText.milliseconds(after) else {
            throw refusal(["Invalid value for --after: '\(after)'. Allowed: \(InstantText.allowed)."])
        }
        return instant
    }

    private func answer(_ file: String) throws {
        var isFaulty = false
        for answer in CronBatch(try contents(file), count: count) {
            print(answer.output)
            if case .failure(let fault) = answer.line {
                isFaulty = true
                complain(["line \(answer.lineNumber): \(fault)"])
            }
        }
        if isFaulty { throw ExitCode.failure }
    }

    private func contents(_ file: String) throws -> String {
        guard let handle = file == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: file) else {
            throw CommandFailure.system(file, "cannot be read")
        }
        do {
            return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
        } catch { throw CommandFailure("\(file) cannot be read; is it a file?") }
    }

    /// Says why, on standard error; the exit status is 1.
    private func refusal(_ lines: [String]) -> ExitCode {
        complain(lines)
        return .failure
    }

    private func complain(_ lines: [String]) {
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}
