// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation

/// A run of the program `tar`.
struct Tar {
    private let process = Process()
    private let output = Pipe()
    /// A file: a pipe that is not read could fill up and block tar.
    private let complaints: URL

    /// - Parameter workDirectory: where a file may be kept while it runs.
    init(_ arguments: [String], workDirectory: String) throws {
        complaints = URL(fileURLWithPath: workDirectory + "/tar-errors")
        _ = FileManager.default.createFile(atPath: complaints.path, contents: nil)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tar"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
        process.standardOutput = output
        process.standardError = try? FileHandle(forWritingTo: complaints)
        do { try process.run() } catch { throw CommandFailure("The program tar cannot be started.") }
    }

    /// Its output, in chunks, until its end.
    func eachChunk(_ body: (Data) throws -> Void) throws {
        do {
            while let chunk = try output.fileHandleForReading.read(upToCount: 1 << 20), !chunk.isEmpty {
                try body(chunk)
            }
        } catch {
            process.terminate()
            process.waitUntilExit()
            throw error
        }
    }

    /// Waits for its end.
    /// - Parameter mayWarn: whether status 1 is a success: files that came, went or grew meanwhile.
    func finish(mayWarn: Bool) throws {
        process.waitUntilExit()
        let said = (try? String(contentsOf: complaints, encoding: .utf8)) ?? ""
        try? FileManager.default.removeItem(at: complaints)
        let status = process.terminationStatus
        guard status == 0 || (mayWarn && status == 1) else {
            let first = said.split(separator: "\n").first.map { ": \($0)" } ?? ""
            throw CommandFailure("The program tar failed with status \(status)\(first)")
        }
    }
}
