// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import ArgumentParser
import Foundation

/// `lamplighter doctor`: says what is missing on this machine and how to mend it.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is missing on this machine, and how to mend it.")

    @OptionGroup var options: ServeOptions

    func run() throws {
        let settings = try options.settings()
        let runtime = try settings.path(.runtime)
        var checks = [
            Check.program("Java 17 or later", "java", ["-version"], mend: "run `make setup`, or set JAVA_HOME"),
            Check.file(
                "task supervisor", Programs.supervisor, mend: "keep task-supervisor beside lamplighter: `make build`"),
            Check.file("Python environment", runtime + "/venv/bin/python", mend: "run `make setup`"),
            Check.file("Spark", runtime + "/spark/bin/spark-submit", mend: "run `make setup`"),
            Check.file(
                "class data archive (quick starts)", runtime + "/spark/jvm/classes.jsa", mend: "run `make setup`"),
            Check.file(
                "Spark runtime of Lamplighter", runtime + "/lib/lamplighter-runtime.jar", mend: "run `make setup`"),
        ]
        checks.append(
            Check.program(
                "pyspark", runtime + "/venv/bin/python", ["-c", "import pyspark; print(pyspark.__version__)"],
                mend: "run `make setup`"))
        checks.append(Check.program("rsync (MLflow Projects)", "rsync", ["--version"], mend: "run `make setup`"))
        if let data = settings.optional(.data) { checks.append(Check.writable("data directory", data)) }
        for check in checks { print(check.line) }
        if checks.contains(where: { !$0.isGood }) { throw ExitCode.failure }
        print("Everything is there.")
    }
}

/// One thing that the server needs.
private struct Check {
    let name: String
    let isGood: Bool
    let detail: String

    var line: String { "\(isGood ? "ok     " : "MISSING")  \(name): \(detail)" }

    static func file(_ name: String, _ path: String, mend: String) -> Check {
        let isThere = FileManager.default.fileExists(atPath: path)
        return Check(name: name, isGood: isThere, detail: isThere ? path : "\(path) is not there; \(mend)")
    }

    static func writable(_ name: String, _ path: String) -> Check {
        let existing =
            FileManager.default.fileExists(atPath: path) ? path : (path as NSString).deletingLastPathComponent
        let isGood = FileManager.default.isWritableFile(atPath: existing.isEmpty ? "." : existing)
        return Check(
            name: name, isGood: isGood,
            detail: isGood ? path : "\(path) cannot be written; give --data another directory")
    }

    static func program(_ name: String, _ program: String, _ arguments: [String], mend: String) -> Check {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        do {
            try process.run()
            let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let firstLine = output.split(separator: "\n").first.map(String.init) ?? ""
            if process.terminationStatus == 0 { return Check(name: name, isGood: true, detail: firstLine) }
            return Check(name: name, isGood: false, detail: "\(program): \(firstLine); \(mend)")
        } catch {
            return Check(name: name, isGood: false, detail: "\(program) cannot be run; \(mend)")
        }
    }
}
