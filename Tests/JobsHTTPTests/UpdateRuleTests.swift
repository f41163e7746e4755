// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore
import Testing

@Suite("B4: jobs/update")
struct UpdateTests {
    private func updated(_ update: String) async throws -> (TestAPI.Client.Answer, TestAPI.Client.Answer) {
        let answers = Answers()
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            let update = try await client.post("jobs/update", update)
            await answers.set(update, try await client.get("jobs/get?job_id=1"))
        }
        return await answers.both!
    }

    private actor Answers {
        var both: (TestAPI.Client.Answer, TestAPI.Client.Answer)?
        func set(_ one: TestAPI.Client.Answer, _ two: TestAPI.Client.Answer) { both = (one, two) }
    }

    @Test("top-level fields are replaced whole, others stay")
    func replaces() async throws {
        let (answer, job) = try await updated(
            #"{"job_id":1,"new_settings":{"name":"n","new_cluster":{"spark_version":"y","num_workers":2,"node_type_id":"m"}}}"#
        )
        #expect(answer.text == "{}")
        #expect(job["settings", "name"] == .string("n"))
        #expect(job["settings", "new_cluster", "aws_attributes"] == nil)
        #expect(job["settings", "max_retries"] == .integer(1))
    }

    @Test("another task type takes the old one away")
    func otherTask() async throws {
        let (_, job) = try await updated(
            #"{"job_id":1,"new_settings":{"spark_python_task":{"python_file":"dbfs:/a.py"}}}"#)
        #expect(job["settings", "spark_jar_task"] == nil)
        #expect(job["settings", "spark_python_task", "python_file"] == .string("dbfs:/a.py"))
    }

    @Test(
        "refused, with everything left as it was",
        arguments: [
            (#"{"job_id":1}"#, "Either new_settings or fields_to_remove"),
            (#"{"job_id":1,"settings":{"name":"x"}}"#, "Either new_settings or fields_to_remove"),
            (#"{"job_id":1,"fields_to_remove":["nonsense"]}"#, "nonsense"),
            (#"{"job_id":1,"fields_to_remove":["new_cluster"]}"#, "Either new_cluster or existing_cluster_id"),
            (#"{"job_id":1,"fields_to_remove":["spark_jar_task"]}"#, "Exactly one of"),
            (#"{"job_id":1,"new_settings":{"max_concurrent_runs":-1}}"#, "new_settings.max_concurrent_runs"),
            (
                #"{"job_id":1,"new_settings":{"new_cluster":{"num_workers":[]}}}"#,
                "new_settings.new_cluster.num_workers"
            ),
            (#"{"job_id":1,"new_settings":[]}"#, "new_settings"),
        ])
    func refused(_ update: String, _ names: String) async throws {
        let (answer, job) = try await updated(update)
        #expect(answer.status == 400)
        #expect(answer.message.contains(names), "\(answer.message)")
        #expect(job["settings", "name"] == .string("Nightly model training"))
        #expect(job["settings", "new_cluster", "num_workers"] == .integer(10))
    }
}
