// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import Testing

@Suite("jobs/validate")
struct ValidateTests {
    private let job = #""existing_cluster_id":"default","spark_python_task":{"python_file":"dbfs:/a.py"}"#

    @Test("says what a schedule means, and its next ten times with what the change of the clocks does to them")
    func schedule() async throws {
        try await TestAPI.run { api, client in
            // The tests' clock stands at March 2024; clocks go forward in Los Angeles on the 10th.
            let body = """
                {\(job),"schedule":{"quartz_cron_expression":"0 30 2 10 3 ?","timezone_id":"America/Los_Angeles"}}
                """
            let answer = try await client.post("jobs/validate", body)
            #expect(answer.status == 200)
            #expect(answer["valid"] == .bool(true))
            #expect(answer["schedule", "description"]?.stringValue?.contains("02:30") == true)
            let times = try #require(answer["schedule", "next_fire_times"]?.arrayValue)
            #expect(times.count == 10)
            #expect(times[0]["local"] == .string("2025-03-10T02:30:00-07:00"), "in 2024 there is no such time")
            #expect(times[0]["utc"] == .string("2025-03-10T09:30:00Z"))
            #expect(times[0]["time"] == .integer(1_741_599_000_000))
            #expect(times[0]["note"]?.stringValue?.contains("does not exist on 2024-03-10") == true)
            let jobs = try await client.get("jobs/list")["jobs"]?.arrayValue ?? []
            #expect(jobs.isEmpty, "changes nothing")
        }
    }

    @Test("names every fault, as jobs/create would")
    func faults() async throws {
        try await TestAPI.run { _, client in
            let body = #"{\#(job),"timeout_seconds":-1,"max_concurrent_runs":2000,"run_job_task":{"job_id":9}}"#
            let answer = try await client.post("jobs/validate", body)
            #expect(answer.status == 200)
            #expect(answer["valid"] == .bool(false))
            let messages = answer["errors"]?.arrayValue?.compactMap { $0["message"]?.stringValue } ?? []
            for field in ["timeout_seconds", "max_concurrent_runs", "run_job_task"] {
                #expect(messages.contains { $0.contains(field) }, "\(field) in \(messages)")
            }
        }
    }
}
