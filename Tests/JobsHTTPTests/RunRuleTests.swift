// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore
import Testing

@Suite("D: rules for runs")
struct RunRuleTests {
    private let jar =
        #"{"existing_cluster_id":"default","spark_jar_task":{"main_class_name":"A"},"max_concurrent_runs":10}"#

    @Test(
        "refused run-now requests",
        arguments: [
            (#"{"job_id":1,"jar_params":["a"],"python_params":["b"]}"#, "jar_params, python_params"),
            (#"{"job_id":1,"python_params":["b"]}"#, "python_params is for jobs with a spark_python_task"),
            (#"{"job_id":1,"python_params":["é"]}"#, "python_params[0]"),
            (#"{"job_id":1,"notebook_params":{"k":"é"}}"#, "notebook_params.k"),
            (#"{"job_id":1,"spark_submit_params":["é"]}"#, "spark_submit_params[0]"),
            (#"{"job_id":1,"spark_submit_params":["--master=x"]}"#, "spark_submit_params"),
            (#"{"job_id":1,"jar_params":"a"}"#, "jar_params"),
            (#"{"job_id":1,"jar_params":[["a"]]}"#, "jar_params[0]"),
            (#"{"job_id":1,"idempotency_token":"\#(String(repeating: "x", count: 65))"}"#, "idempotency_token"),
            (#"{"job_id":1,"jar_params":["\#(String(repeating: "x", count: 10_000))"]}"#, "10000 bytes"),
            (#"{}"#, "job_id"), (#"{"job_id":{}}"#, "job_id"),
        ])
    func refused(_ body: String, _ names: String) async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", jar)
            let answer = try await client.post("jobs/run-now", body)
            #expect(answer.status == 400)
            #expect(answer.message.contains(names), "\(answer.message)")
            #expect(try await client.get("jobs/runs/list")["runs"]?.arrayValue?.isEmpty == true)
        }
    }

    @Test("D3: one token, one run; with another body a warning; after its deletion an error")
    func idempotency() async throws {
        try await TestAPI.run { api, client in
            _ = try await client.post("jobs/create", jar)
            let token = String(repeating: "é", count: 64)
            let body = "{\"job_id\":1,\"idempotency_token\":\"\(token)\"}"
            let first = try await client.post("jobs/run-now", body)
            #expect(try await client.post("jobs/run-now", body).text == first.text)
            let other = try await client.post(
                "jobs/run-now", "{\"job_id\":1,\"jar_params\":[\"x\"],\"idempotency_token\":\"\(token)\"}")
            #expect(other.text == first.text)
            #expect(other.warning?.contains("idempotency_token") == true)
            #expect(try await client.get("jobs/runs/list")["runs"]?.arrayValue?.count == 1)
            _ = try await client.post("jobs/runs/cancel", #"{"run_id":1}"#)
            try await api.cleanUp(1)
            _ = try await client.post("jobs/runs/delete", #"{"run_id":1}"#)
            let deleted = try await client.post("jobs/run-now", body)
            #expect(deleted.status == 400)
            #expect(deleted.message.contains("was deleted"))
        }
    }

    @Test("200 concurrent run-now requests with one token make one run")
    func concurrentIdempotency() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", jar)
            let answers = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<200 {
                    group.addTask {
                        try await client.post("jobs/run-now", #"{"job_id":1,"idempotency_token":"t"}"#).text
                    }
                }
                return try await group.reduce(into: Set<String>()) { $0.insert($1) }
            }
            #expect(answers == [#"{"run_id":1,"number_in_job":1}"#])
        }
    }

    @Test("E3: one run too many is SKIPPED at once, and says why")
    func skipped() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post(
                "jobs/create", #"{"existing_cluster_id":"default","spark_jar_task":{"main_class_name":"A"}}"#)
            _ = try await client.post("jobs/run-now", #"{"job_id":1}"#)
            _ = try await client.post("jobs/run-now", #"{"job_id":1}"#)
            let run = try await client.get("jobs/runs/get?run_id=2")
            #expect(run["state", "life_cycle_state"] == .string("SKIPPED"))
            #expect(run["state", "result_state"] == nil)
            #expect(
                run["state", "state_message"]
                    == .string("Skipping this run because the limit of 1 maximum concurrent runs has been reached."))
        }
    }

    @Test(
        "refused lists",
        arguments: [
            ("active_only=true&completed_only=true", "active_only and completed_only"), ("offset=-1", "offset"),
            ("limit=1000", "limit"), ("limit=-1", "limit"), ("limit=x", "limit"), ("run_type=NONSENSE", "run_type"),
            ("active_only=maybe", "active_only"), ("job_id=abc", "job_id"), ("limit=1&limit=2", "limit"),
        ])
    func refusedLists(_ query: String, _ names: String) async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.get("jobs/runs/list?" + query)
            #expect(answer.status == 400)
            #expect(answer.message.contains(names), "\(answer.message)")
        }
    }

    @Test("D4: limit 0 is the maximum, the default is 20")
    func limits() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", jar)
            for _ in 0..<30 { _ = try await client.post("jobs/run-now", #"{"job_id":1}"#) }
            let page = try await client.get("jobs/runs/list")
            #expect(page["runs"]?.arrayValue?.count == 20)
            #expect(page["has_more"] == .bool(true))
            #expect(try await client.get("jobs/runs/list?limit=0")["runs"]?.arrayValue?.count == 30)
            #expect(try await client.get("jobs/runs/list?limit=999&offset=29")["runs"]?.arrayValue?.count == 1)
        }
    }

    @Test("export takes CODE, DASHBOARDS or ALL")
    func export() async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.get("jobs/runs/export?run_id=1&views_to_export=X")
            #expect(answer.message.contains("views_to_export"))
        }
    }

    @Test("run_name holds any Unicode, up to 4096 bytes")
    func runName() async throws {
        try await TestAPI.run { _, client in
            func submit(_ name: String) async throws -> TestAPI.Client.Answer {
                try await client.post(
                    "jobs/runs/submit",
                    "{\"run_name\":\"\(name)\",\"existing_cluster_id\":\"default\",\"spark_jar_task\":{\"main_class_name\":\"A\"}}"
                )
            }
            let accepted = try await submit(String(repeating: "é", count: 2048))
            #expect(accepted.status == 200)
            #expect(try await submit(String(repeating: "é", count: 2048) + "x").message.contains("run_name"))
            #expect(
                try await client.get("jobs/runs/get?run_id=1")["run_name"]
                    == .string(String(repeating: "é", count: 2048)))
        }
    }
}
