// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsStoreSQLite
import JobsTesting

/// A real `lamplighter serve`, which a test may kill and start again on the same data.
public final class ServerProcess: Sendable {
    public let data: String
    public let baseURL: String
    public let token: String
    private let process: Process

    /// Waits long: many servers share the machine in tests.
    public var client: APIClient { APIClient(baseURL: baseURL, token: token, timeout: .seconds(300)) }
    public var pid: Int32 { process.processIdentifier }

    /// The programs that were built with the tests.
    public static var programs: String {
        // .build/<configuration>/lamplighterPackageTests.xctest: the programs lie beside it.
        let bundle = CommandLine.arguments[0]
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? bundle
        for path in [bundle, own]
        where FileManager.default.fileExists(atPath: (path as NSString).deletingLastPathComponent + "/lamplighter") {
            return (path as NSString).deletingLastPathComponent
        }
        return ProcessInfo.processInfo.environment["LAMPLIGHTER_PROGRAMS"] ?? ".build/debug"
    }

    /// Starts the server and waits until it listens.
    public init(data: String, arguments: [String] = [], environment: [String: String] = [:]) async throws {
        self.data = data
        try? FileManager.default.removeItem(atPath: data + "/endpoint")
        process = Process()
        process.executableURL = URL(fileURLWithPath: Self.programs + "/lamplighter")
        process.arguments = ["serve", "--data", data, "--port", "0", "--log-level", "notice"] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        _ = FileManager.default.createFile(atPath: data + ".log", contents: nil)
        if let log = FileHandle(forWritingAtPath: data + ".log") {
            log.seekToEndOfFile()
            process.standardError = log
        }
        try process.run()
        let started = process
        baseURL = try await eventually("the server's start") {
            if !started.isRunning {
                let log = (try? String(contentsOfFile: data + ".log", encoding: .utf8)) ?? ""
                throw NeverHappened(description: "the server ended at once: \(log.suffix(2000))")
            }
            let text = try? String(contentsOfFile: data + "/endpoint", encoding: .utf8)
            return text.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        }
        token = try String(contentsOfFile: data + "/admin-token", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// SIGKILL, as a crash does it.
    public func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// SIGTERM; returns when the server has ended.
    public func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    /// Adds what the specification's examples refer to; the API would give it another id.
    public func addSpecDestination() async throws {
        let store = try SQLiteStore(path: data + "/lamplighter.sqlite")
        try await store.addSpecDestination()
        try store.close()
    }

    deinit { if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) } }
}

extension APIClient {
    /// Waits until a run has ended; answers its `runs/get`.
    public func ended(_ run: Int64, within limit: Duration = .seconds(180)) async throws -> Answer {
        try await eventually("the end of run \(run)", within: limit, every: .milliseconds(50)) {
            let answer = try await get("/api/2.0/jobs/runs/get", query: ["run_id": "\(run)"])
            let state = answer["state", "life_cycle_state"]?.stringValue ?? ""
            return ["TERMINATED", "SKIPPED", "INTERNAL_ERROR"].contains(state) ? answer : nil
        }
    }

    /// Writes a file of at most a megabyte to DBFS.
    public func upload(_ contents: String, to path: String) async throws {
        let base64 = Data(contents.utf8).base64EncodedString()
        let answer = try await post(
            "/api/2.0/dbfs/put", "{\"path\": \"\(path)\", \"contents\": \"\(base64)\", \"overwrite\": true}")
        guard answer.status == 200 else { throw NeverHappened(description: "dbfs/put: \(answer.text)") }
    }
}
