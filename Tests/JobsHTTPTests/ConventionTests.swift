// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import HTTPTypes
import JobsJSON
import Testing

private let pythonJob = #"{"existing_cluster_id":"default","spark_python_task":{"python_file":"dbfs:/a.py"}}"#

@Suite("A: conventions of the API")
struct ConventionTests {
    @Test(
        "A1: an unknown field is no error and is named in a warning; a known one of a wrong type is an error that names it"
    )
    func fields() async throws {
        try await TestAPI.run { _, client in
            let odd = try await client.post(
                "jobs/create",
                #"{"brand_new":1,"new_cluster":{"spark_version":"x","num_workers":"1","node_type_id":"n","zz":1},"spark_python_task":{"python_file":"dbfs:/a.py"}}"#
            )
            #expect(odd.status == 200)
            let warning = odd.warning
            #expect(warning?.contains("new_cluster.zz") == true && warning?.contains("brand_new") == true)
            let job = try await client.get("jobs/get?job_id=1")
            #expect(job["settings", "new_cluster", "num_workers"] == .integer(1))
            #expect(job["unknown_fields"] == .array([.string("new_cluster.zz"), .string("brand_new")]))
            let wrong = try await client.post("jobs/run-now", #"{"job_id":"1","notebook_params":"x"}"#)
            #expect(wrong.status == 400)
            #expect(wrong.errorCode == "MALFORMED_REQUEST")
            #expect(wrong.message.contains("Expected OBJECT for field notebook_params, found STRING"))
        }
    }

    @Test("A1: every answer is JSON in UTF-8")
    func contentType() async throws {
        try await TestAPI.run { _, client in
            for answer in [
                try await client.post("jobs/create", pythonJob), try await client.get("jobs/list"),
                try await client.get("nothing"), try await client.post("jobs/create", "{"),
            ] {
                #expect(answer.headers[.contentType]?.hasPrefix("application/json") == true)
                #expect(answer.json != nil)
            }
        }
    }

    @Test(
        "A2: GET parameters in the query or as a JSON body; the query wins; POST is JSON whatever it says",
        arguments: [
            "application/x-www-form-urlencoded", "text/json", "application/json",
        ])
    func parameters(_ contentType: String) async throws {
        try await TestAPI.run { _, client in
            let created = try await client.send(
                .post, "/api/2.0/jobs/create", pythonJob, headers: [.contentType: contentType])
            #expect(created.status == 200)
            #expect(try await client.send(.get, "/api/2.0/jobs/get", #"{"job_id": "1"}"#)["job_id"] == .integer(1))
            let both = try await client.send(.get, "/api/2.0/jobs/get?job_id=1", #"{"job_id": 77}"#)
            #expect(both["job_id"] == .integer(1))
        }
    }

    @Test("A3: unknown ids are 400 with the texts that clients match")
    func unknownIDs() async throws {
        try await TestAPI.run { _, client in
            for path in ["jobs/get?job_id=42", "jobs/get?job_id=0"] {
                let answer = try await client.get(path)
                #expect(answer.status == 400)
                #expect(answer.errorCode == "INVALID_PARAMETER_VALUE")
                #expect(answer.message.contains("Job ") && answer.message.hasSuffix(" does not exist."))
            }
            for path in ["jobs/reset", "jobs/update", "jobs/delete", "jobs/run-now", "jobs/runs/cancel-all"] {
                let answer = try await client.post(path, #"{"job_id":42,"new_settings":\#(pythonJob)}"#)
                #expect(answer.message == "Job 42 does not exist.", "\(path)")
            }
            for path in ["get", "get-output", "export", "transitions"] {
                #expect(try await client.get("jobs/runs/\(path)?run_id=42").message == "Run 42 does not exist.")
            }
            for path in ["cancel", "delete"] {
                #expect(
                    try await client.post("jobs/runs/\(path)", #"{"run_id":42}"#).message == "Run 42 does not exist.")
            }
        }
    }

    @Test("A4: a body over 10 MB is refused")
    func tooLarge() async throws {
        try await TestAPI.run { _, client in
            let body = #"{"name":""# + String(repeating: "x", count: 10 * 1024 * 1024) + "\"}"
            let answer = try await client.post("jobs/create", body)
            #expect(answer.status == 413)
            #expect(answer.errorCode == "MAX_REQUEST_SIZE_EXCEEDED")
        }
    }

    @Test("A5: bearer and basic tokens, and nothing else")
    func authentication() async throws {
        try await TestAPI.run { api, client in
            func status(_ authorization: String?) async throws -> (Int, String?) {
                let answer = try await client.send(.get, "/api/2.0/jobs/list", authorization: .some(authorization))
                if answer.status == 401 { #expect(answer.headers[.wwwAuthenticate] != nil) }
                return (answer.status, answer.errorCode)
            }
            func basic(_ pair: String) -> String { "Basic " + Data(pair.utf8).base64EncodedString() }
            let cases: [(header: String?, status: Int, code: String?)] = [
                ("Bearer \(api.token)", 200, nil), ("bearer \(api.token)", 200, nil),
                (basic("token:\(api.token)"), 200, nil), (nil, 401, "UNAUTHENTICATED"),
                ("Negotiate abc", 401, "UNAUTHENTICATED"), (basic("admin:\(api.token)"), 401, "UNAUTHENTICATED"),
                ("Basic !!!", 401, "UNAUTHENTICATED"), ("Bearer dapi0000", 403, "PERMISSION_DENIED"),
                (basic("token:"), 403, "PERMISSION_DENIED"),
            ]
            for expected in cases {
                let found = try await status(expected.header)
                #expect(found.0 == expected.status && found.1 == expected.code, "\(expected)")
            }
        }
    }

    @Test("A5: what a token's owner makes is theirs")
    func creator() async throws {
        try await TestAPI.run { api, client in
            let ann = client.with(token: api.userToken)
            _ = try await ann.post("jobs/create", pythonJob)
            _ = try await client.post("jobs/run-now", #"{"job_id":1}"#)
            #expect(try await client.get("jobs/get?job_id=1")["creator_user_name"] == .string("ann"))
            #expect(try await client.get("jobs/runs/get?run_id=1")["creator_user_name"] == .string("admin"))
        }
    }

    @Test("A6: a wrong method is 405 with Allow, an unknown path 404")
    func methods() async throws {
        try await TestAPI.run { _, client in
            let wrong = try await client.send(.get, "/api/2.0/jobs/create")
            #expect(wrong.status == 405)
            #expect(wrong.headers[.allow] == "POST")
            #expect(try await client.send(.delete, "/api/2.0/jobs/list").status == 405)
            let unknown = try await client.get("jobs/nothing")
            #expect(unknown.status == 404)
            #expect(unknown.errorCode == "ENDPOINT_NOT_FOUND")
        }
    }

    @Test(
        "malformed bodies",
        arguments: [
            "[]", "\"x\"", "12", "null", "{", "{\"job_id\":1", "{\"job_id\":1}}", "{\"job_id\":1,\"job_id\":2}",
            "\u{0}",
            "{\"job_id\": 1e999}", "job_id=1", "{\"job_id\":\"\\u0000\"}",
        ])
    func malformed(_ body: String) async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.post("jobs/run-now", body)
            #expect(answer.status == 400)
            #expect(answer.errorCode == "MALFORMED_REQUEST")
        }
    }
}
