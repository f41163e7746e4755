// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsClient
import JobsJSON
import JobsServerTesting
import JobsTesting
import Testing

@Suite("The specification's curl commands with --netrc")
struct CurlTests {
    @Test(
        "create, list, get, reset, update, run-now, submit, runs/list, runs/get, get-output, cancel, cancel-all, delete"
    )
    func everyEndpoint() async throws {
        let end = try await EndToEnd()
        try await end.server.addSpecDestination()
        let netrc = end.directory.path + "/netrc"
        try "machine 127.0.0.1 login token password \(end.server.token)\n".write(
            toFile: netrc, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: netrc)
        let base = end.server.baseURL + "/api/2.0/"
        func curl(_ arguments: [String]) throws -> JSONValue {
            try JSONParser.parse(try execute("curl", ["--silent", "--show-error", "--netrc-file", netrc] + arguments))
        }
        func post(_ path: String, file: String) throws -> JSONValue {
            try curl(["--request", "POST", base + path, "--data", "@" + Self.example(file)])
        }
        func post(_ path: String, _ data: String) throws -> JSONValue {
            try curl(["--request", "POST", base + path, "--data", data])
        }

        #expect(try post("jobs/create", file: "create-job")["job_id"] == .integer(1))
        #expect(try post("jobs/create", file: "create-job")["job_id"] == .integer(2))
        #expect(try curl(["--request", "GET", base + "jobs/list"])["jobs"]?.arrayValue?.count == 2)
        #expect(try post("jobs/reset", file: "reset-job") == .object(JSONObject()))
        #expect(try post("jobs/update", file: "update-job") == .object(JSONObject()))
        let job = try curl(["--request", "GET", base + "jobs/get?job_id=1"])
        #expect(job["settings"]?["existing_cluster_id"] == .string("1201-my-cluster"))
        #expect(
            try curl(["--get", base + "jobs/get", "--data", "job_id=2"])["settings"]?["timeout_seconds"]
                == .integer(100_000_000))

        let run = try #require(try post("jobs/run-now", file: "run-jar-job")["run_id"]?.integerValue)
        let submitted = try #require(try post("jobs/runs/submit", file: "submit-job")["run_id"]?.integerValue)
        let listed = try curl([
            "--get", base + "jobs/runs/list", "--data", "job_id=2&active_only=false&offset=0&limit=25&run_type=JOB_RUN",
        ])
        #expect(listed["runs"]?.arrayValue?.first?["run_id"] == .integer(run))
        #expect(listed["has_more"] == .bool(false))
        let shown = try curl(["--get", base + "jobs/runs/get", "--data", "run_id=\(run)"])
        for field in [
            "job_id", "number_in_job", "original_attempt_run_id", "state", "task", "cluster_spec",
            "overriding_parameters", "start_time", "end_time", "setup_duration", "execution_duration",
            "cleanup_duration", "trigger", "creator_user_name", "run_name", "run_page_url", "run_type",
            "attempt_number",
        ] {
            #expect(shown[field] != nil, "\(field)")
        }
        #expect(try post("jobs/runs/cancel", "{ \"run_id\": \(run) }") == .object(JSONObject()))
        #expect(try post("jobs/runs/cancel-all", "{ \"job_id\": 2 }") == .object(JSONObject()))
        #expect(try post("jobs/runs/cancel", "{ \"run_id\": \(submitted) }") == .object(JSONObject()))
        for run in [run, submitted] { _ = try await end.client.ended(run) }
        let output = try curl(["--get", base + "jobs/runs/get-output", "--data", "run_id=\(run)"])
        #expect(output["metadata"]?["run_id"] == .integer(run))
        #expect(output["error"] != nil)
        let export = try curl(["--get", base + "jobs/runs/export", "--data", "run_id=\(run)"])
        #expect(export["error_code"] == .string("INVALID_PARAMETER_VALUE"))
        #expect(try post("jobs/runs/delete", "{ \"run_id\": \(run) }") == .object(JSONObject()))
        #expect(try post("jobs/delete", "{ \"job_id\": 2 }") == .object(JSONObject()))
        #expect(
            try curl(["--get", base + "jobs/get", "--data", "job_id=2"])["message"] == .string("Job 2 does not exist."))
    }

    private static func example(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../JobsHTTPTests/Spec/\(name).json").standardizedFileURL.path
    }
}
