// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

/// A real server on a directory of its own, and what tests do with it.
struct EndToEnd {
    let directory: TemporaryDirectory
    let server: ServerProcess
    var client: APIClient { server.client }

    static var runtime: String { InstalledRuntime.path }

    init(arguments: [String] = [], environment: [String: String] = [:]) async throws {
        directory = try TemporaryDirectory()
        server = try await ServerProcess(
            data: directory.path + "/data", arguments: arguments, environment: environment)
    }

    /// Another server on the same data.
    init(after previous: EndToEnd, arguments: [String] = [], environment: [String: String] = [:]) async throws {
        directory = previous.directory
        server = try await ServerProcess(data: previous.server.data, arguments: arguments, environment: environment)
    }

    func post(_ path: String, _ json: String) async throws -> APIClient.Answer {
        let answer = try await client.post("/api/2.0/" + path, json)
        guard answer.status == 200 else { throw NeverHappened(description: "\(path): \(answer.text)") }
        return answer
    }

    func get(_ path: String) async throws -> APIClient.Answer { try await client.get("/api/2.0/" + path) }

    /// Submits a one-time run of a Python file that is given as text.
    func submit(
        python: String, cluster: String = #""existing_cluster_id":"default""#, more: String = ""
    ) async throws -> Int64 {
        let file = "/tests/\(UUID().uuidString).py"
        try await client.upload(python, to: file)
        let answer = try await post(
            "jobs/runs/submit", "{\(cluster),\"spark_python_task\":{\"python_file\":\"dbfs:\(file)\"}\(more)}")
        return try #require(answer["run_id"]?.integerValue)
    }

    /// A job of a Python file that is given as text.
    func job(python: String, more: String = "") async throws -> Int64 {
        let file = "/tests/\(UUID().uuidString).py"
        try await client.upload(python, to: file)
        let answer = try await post(
            "jobs/create",
            "{\"existing_cluster_id\":\"default\",\"spark_python_task\":{\"python_file\":\"dbfs:\(file)\"}\(more)}")
        return try #require(answer["job_id"]?.integerValue)
    }

    func runNow(_ job: Int64, _ more: String = "") async throws -> Int64 {
        try #require(try await post("jobs/run-now", "{\"job_id\":\(job)\(more)}")["run_id"]?.integerValue)
    }

    func output(of run: Int64) async throws -> APIClient.Answer {
        try await get("jobs/runs/get-output?run_id=\(run)")
    }

    func logs(of run: Int64) async throws -> String { try await output(of: run)["logs"]?.stringValue ?? "" }

    func state(of run: Int64) async throws -> String {
        try await get("jobs/runs/get?run_id=\(run)")["state", "life_cycle_state"]?.stringValue ?? ""
    }

    func reaches(_ state: String, _ run: Int64) async throws {
        _ = try await eventually("run \(run) in \(state)") { try await self.state(of: run) == state ? true : nil }
    }
}

/// Runs a program to its end.
@discardableResult
func execute(_ program: String, _ arguments: [String], in directory: String? = nil, input: String? = nil) throws
    -> String
{
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        throw NeverHappened(description: "\(program) \(arguments.joined(separator: " ")): \(text)")
    }
    return text
}

/// The processes that carry a marker in their environment.
func processes(marked marker: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.filter { entry in
        guard Int(entry) != nil, let data = FileManager.default.contents(atPath: "/proc/\(entry)/environ") else {
            return false
        }
        return String(decoding: data, as: UTF8.self).contains(marker)
    }
}

/// True as long as the process of a Swift `Process` is there.
func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }
