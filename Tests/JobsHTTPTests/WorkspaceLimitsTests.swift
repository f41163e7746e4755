// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import JobsDomain
import Testing

@Suite("B6 over HTTP")
struct WorkspaceLimitsTests {
    private let job = #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"dbfs:/a.py"}}"#

    @Test("the job too many is answered by 429 with the service's words and a Retry-After")
    func creations() async throws {
        try await TestAPI.run(limits: WorkspaceLimits(jobCreationsPerHour: 1)) { _, client in
            #expect(try await client.post("jobs/create", job).status == 200)
            for path in ["jobs/create", "jobs/runs/submit"] {
                let answer = try await client.post(path, job)
                #expect(answer.status == 429)
                #expect(answer.text.contains("REQUEST_LIMIT_EXCEEDED"))
                #expect(answer.text.contains("There were already 1 jobs created in past 3600 seconds"))
                #expect(answer.headers[.retryAfter] == "3600")
            }
        }
    }

    @Test("the run too many likewise")
    func runs() async throws {
        try await TestAPI.run(limits: WorkspaceLimits(concurrentRuns: 1)) { _, client in
            #expect(try await client.post("jobs/runs/submit", job).status == 200)
            let answer = try await client.post("jobs/runs/submit", job)
            #expect(answer.status == 429)
            #expect(answer.text.contains("There are already 1 active runs (limit: 1)."))
            #expect(answer.headers[.retryAfter] == "60")
        }
    }
}
