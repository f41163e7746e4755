// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsJSON
import JobsStore
import JobsTesting
import Testing

@Suite("The specification's own examples")
struct SpecExampleTests {
    private static let runFields = [
        "job_id", "run_id", "creator_user_name", "number_in_job", "original_attempt_run_id", "state", "task",
        "cluster_spec", "start_time", "setup_duration", "execution_duration", "cleanup_duration", "end_time", "trigger",
        "run_name", "run_page_url", "run_type", "attempt_number",
    ]

    @Test("create, list, get: what was sent comes back, with the defaults filled in")
    func create() async throws {
        try await TestAPI.run { api, client in
            let created = try await client.post("jobs/create", try SpecExample.createJob.json)
            #expect(created.status == 200)
            #expect(created["job_id"] == .integer(1))
            #expect(created.warning == nil)
            let job = try await client.get("jobs/get?job_id=1")
            #expect(job["creator_user_name"] == .string("admin"))
            #expect(job["run_as"] == .string("admin"))
            #expect(job["created_time"] == .integer(api.clock.now.milliseconds))
            guard case .object(let sent)? = try? JSONParser.parse(try SpecExample.createJob.json) else { return }
            for key in sent.keys where key != "schedule" { #expect(job["settings", key] == sent[key], "\(key)") }
            #expect(job["settings", "schedule", "pause_status"] == .string("UNPAUSED"))
            #expect(job["settings", "max_concurrent_runs"] == .integer(1))
            let list = try await client.get("jobs/list")
            #expect(list["jobs"]?.arrayValue?.first == job.json)
        }
    }

    @Test("reset makes job 2 identical to job 1; update removes libraries and moves it to an existing cluster")
    func resetAndUpdate() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            _ = try await client.post(
                "jobs/create",
                #"{"existing_cluster_id":"x","spark_python_task":{"python_file":"dbfs:/a.py"},"max_concurrent_runs":7}"#
            )
            let reset = try await client.post("jobs/reset", try SpecExample.resetJob.json)
            #expect(reset.text == "{}")
            let job = try await client.get("jobs/get?job_id=2")
            #expect(job["settings", "timeout_seconds"] == .integer(100_000_000))
            #expect(job["settings", "max_concurrent_runs"] == .integer(1))
            #expect(job["settings", "spark_python_task"] == nil)
            #expect(job["settings", "spark_jar_task", "main_class_name"] == .string("com.databricks.ComputeModels"))

            let update = try await client.post("jobs/update", try SpecExample.updateJob.json)
            #expect(update.text == "{}")
            let updated = try await client.get("jobs/get?job_id=1")
            #expect(updated["settings", "libraries"] == nil)
            #expect(updated["settings", "new_cluster"] == nil)
            #expect(updated["settings", "existing_cluster_id"] == .string("1201-my-cluster"))
            #expect(updated["settings", "email_notifications", "on_start"] == .array([.string("someone@example.com")]))
            #expect(updated["settings", "timeout_seconds"] == .integer(3600))
        }
    }

    @Test("run-now, runs/list, runs/get, cancel, cancel-all, get-output, delete: every field of the specification")
    func runs() async throws {
        try await TestAPI.run { api, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            let started = try await client.post("jobs/run-now", try SpecExample.runJarJob.json)
            #expect(started.text == #"{"run_id":1,"number_in_job":1}"#)
            let run = try await client.get("jobs/runs/get?run_id=1")
            for field in Self.runFields { #expect(run[field] != nil, "\(field)") }
            #expect(run["end_time"] == .integer(0))
            #expect(run["overriding_parameters", "jar_params"] == .array([.string("john doe"), .string("35")]))
            #expect(run["run_page_url"] == .string("http://test:1/?o=0#job/2/run/1"))
            #expect(run["cluster_spec", "new_cluster", "num_workers"] == .integer(10))
            #expect(run["cluster_spec", "libraries"]?.arrayValue?.count == 2)
            #expect(run["state", "state_message"] == .string("Waiting for cluster"))
            #expect(run["schedule"] == nil)

            let list = try await client.get(
                "jobs/runs/list?job_id=2&active_only=true&offset=0&limit=25&run_type=JOB_RUN")
            #expect(list["runs"] == .array([run.json!]))
            #expect(list["has_more"] == .bool(false))

            let output = try await client.get("jobs/runs/get-output?run_id=1")
            #expect(output["metadata"] == run.json)

            #expect(try await client.post("jobs/runs/cancel", #"{ "run_id": 1 }"#).text == "{}")
            #expect(try await client.post("jobs/runs/cancel", #"{ "run_id": 1 }"#).text == "{}")
            let cancelled = try await client.get("jobs/runs/get?run_id=1")
            #expect(cancelled["state", "result_state"] == .string("CANCELED"))
            #expect(cancelled["state", "user_cancelled_or_timedout"] == .bool(true))
            #expect(try await client.post("jobs/runs/cancel-all", #"{ "job_id": 2 }"#).text == "{}")

            #expect(try await client.post("jobs/runs/delete", #"{ "run_id": 1 }"#).errorCode == "INVALID_STATE")
            try await api.cleanUp(1)
            #expect(try await client.post("jobs/runs/delete", #"{ "run_id": 1 }"#).text == "{}")
            #expect(try await client.get("jobs/runs/get?run_id=1").message == "Run 1 does not exist.")

            #expect(try await client.post("jobs/delete", #"{ "job_id": 2 }"#).text == "{}")
            #expect(try await client.post("jobs/delete", #"{ "job_id": 2 }"#).text == "{}")
            #expect(try await client.get("jobs/get?job_id=2").message == "Job 2 does not exist.")
        }
    }

    @Test("runs/submit: a one-time run, visible as SUBMIT_RUN and in no list of jobs")
    func submit() async throws {
        try await TestAPI.run { _, client in
            let submitted = try await client.post("jobs/runs/submit", try SpecExample.submitJob.json)
            #expect(submitted.text == #"{"run_id":1}"#)
            let run = try await client.get("jobs/runs/get?run_id=1")
            #expect(run["run_type"] == .string("SUBMIT_RUN"))
            #expect(run["run_name"] == .string("my spark task"))
            #expect(run["job_id"]?.integerValue != nil)
            #expect(try await client.get("jobs/list").text == #"{"jobs":[]}"#)
            let export = try await client.get("jobs/runs/export?run_id=1")
            #expect(export.status == 400)
            #expect(export.message.contains("Only notebook runs can be exported"))
        }
    }

    @Test("the notebook example of run-now is refused for a JAR job, naming both")
    func wrongParameters() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            let refused = try await client.post("jobs/run-now", try SpecExample.runJob.json)
            #expect(refused.status == 400)
            #expect(
                refused.message == "notebook_params is for jobs with a notebook_task; this job has a spark_jar_task.")
        }
    }
}
