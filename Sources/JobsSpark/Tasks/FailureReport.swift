// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsCompute
import JobsDomain
import JobsJSON
import TaskProcesses

/// Why a task failed: from its own report (`error.json`), else from the end of its standard error.
struct FailureReport: Equatable, Sendable {
    let error: String
    let trace: String?

    private static let tailBytes = 64 * 1024
    /// state_message is shown in lists.
    private static let messageCharacters = 1000

    init(exit: ProcessExitRecord, task: SupervisedProcess) {
        if let own = Self.ownReport(TaskFiles(directory: task.directory).error) {
            self = own
            return
        }
        let tail = OutputFile(path: task.standardError).tail(Self.tailBytes)
        if let notebook = KernelInput.record(in: TaskFiles(directory: task.directory)) {
            self.init(error: Self.description(of: exit, in: notebook), trace: Self.crashTrace(in: tail))
        } else if let trace = Self.javaTrace(in: tail) {
            self.init(error: Self.headline(of: trace), trace: trace)
        } else if let trace = Self.pythonTrace(in: tail) {
            self.init(error: Self.lastLine(of: trace), trace: trace)
        } else {
            self.init(error: Self.description(of: exit), trace: nil)
        }
    }

    private init(error: String, trace: String?) {
        self.error = String(error.prefix(Self.messageCharacters))
        self.trace = trace
    }

    static func description(of exit: ProcessExitRecord) -> String {
        if let signal = exit.signal {
            return "The task was ended by signal \(signal) (\(name(of: signal)))."
        }
        return "The task ended with exit code \(exit.exitCode ?? -1)."
    }

    /// A kernel reports every error of its cells itself; without a report, something else ended it.
    static func description(of exit: ProcessExitRecord, in notebook: NotebookRecord) -> String {
        guard let cell = notebook.cells.lastIndex(where: { $0.state == .running }) else { return description(of: exit) }
        let place = "Cell \(cell + 1) of \(notebook.path)"
        if let signal = exit.signal {
            return "\(place): the process of the notebook was ended by signal \(signal) (\(name(of: signal)))."
        }
        return "\(place): the process of the notebook ended itself, with exit code \(exit.exitCode ?? -1)."
    }

    private static func name(of signal: Int32) -> String { String(cString: strsignal(signal)) }

    private static func ownReport(_ path: String) -> FailureReport? {
        guard let data = FileManager.default.contents(atPath: path),
            case .object(let object)? = try? JSONParser.parse(Array(data), repairing: true)
        else { return nil }
        let reader = ObjectReader(object, report: ReadingReport())
        guard let error = reader.string("error") else { return nil }
        let trace = reader.string("error_trace")
        guard let place = place(reader) else { return FailureReport(error: error, trace: trace) }
        return FailureReport(error: error, trace: place + "\n" + (trace ?? error))
    }

    /// Where in a notebook it happened, for people: "Cell 3, line 2 of /a/b". Cells and lines count from 1.
    private static func place(_ reader: ObjectReader) -> String? {
        guard let cell = reader.int64("notebook_cell") ?? reader.int64("cell") else { return nil }
        let line = reader.int64("line").map { ", line \($0)" } ?? ""
        let path = reader.string("notebook_path").map { " of \($0)" } ?? ""
        let outer =
            reader.bool("included") == true ? reader.int64("cell").map { ", by %run in cell \($0 + 1)" } ?? "" : ""
        return "Cell \(cell + 1)\(line)\(path)\(outer)"
    }

    /// From the last `Exception in thread "main"` on.
    static func javaTrace(in text: String) -> String? {
        guard let start = text.ranges(of: "Exception in thread \"main\"").last?.lowerBound else { return nil }
        return String(text[start...])
    }

    /// The report of Python's faulthandler after a crash.
    static func crashTrace(in text: String) -> String? {
        guard let start = text.ranges(of: "Fatal Python error: ").last?.lowerBound else { return nil }
        return String(text[start...])
    }

    /// From the last `Traceback` on.
    static func pythonTrace(in text: String) -> String? {
        guard let start = text.ranges(of: "Traceback (most recent call last):").last?.lowerBound else { return nil }
        return String(text[start...])
    }

    private static func headline(of trace: String) -> String {
        let line = trace.prefix { $0 != "\n" }
        return String(line.trimmingPrefix("Exception in thread \"main\" "))
    }

    private static func lastLine(of trace: String) -> String {
        // The exception's own line is the last one that is not indented.
        let lines = trace.split(separator: "\n").filter { $0.first?.isWhitespace == false }
        return lines.last.map(String.init) ?? ""
    }
}
