// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import JobsJSON
import Testing

@Suite("Bad input")
struct RandomRequestTests {
    private static let posts = [
        "jobs/create", "jobs/reset", "jobs/update", "jobs/delete", "jobs/run-now", "jobs/runs/submit",
        "jobs/runs/cancel", "jobs/runs/cancel-all", "jobs/runs/delete", "workspace/import", "workspace/mkdirs",
        "workspace/delete", "secrets/scopes/create", "secrets/scopes/delete", "secrets/put", "secrets/delete",
        "secrets/acls/put", "secrets/acls/delete",
    ]
    private static let gets = [
        "jobs/list", "jobs/get", "jobs/runs/list", "jobs/runs/get", "jobs/runs/get-output", "jobs/runs/export",
        "workspace/list", "workspace/get-status", "workspace/export", "secrets/scopes/list", "secrets/list",
        "secrets/acls/list", "secrets/acls/get",
    ]

    @Test("after 1,000 random malformed requests only 4xx were answered and the database is unchanged")
    func thousand() async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            func everything() async throws -> String {
                let jobs = try await client.get("jobs/list").text
                let others = try await client.get("workspace/list?path=/").text + client.get("secrets/scopes/list").text
                return jobs + others + (try await client.get("jobs/runs/list?limit=0")).text
            }
            let before = try await everything()
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<1000 {
                let body = try Self.mutilated(try SpecExample.createJob.json, &generator)
                let isPost = Bool.random(using: &generator)
                let path =
                    isPost ? Self.posts.randomElement(using: &generator)! : Self.gets.randomElement(using: &generator)!
                let answer = try await client.send(isPost ? .post : .get, "/api/2.0/\(path)", body)
                // Lists take no required parameter: what is not JSON is refused there too.
                #expect((400..<500).contains(answer.status), "\(path): \(answer.status) for \(body.prefix(300))")
                #expect(answer.errorCode != nil)
            }
            #expect(try await everything() == before)
        }
    }

    /// A document that is broken as JSON, or whose every rule-bearing member has a wrong type.
    private static func mutilated(_ json: String, _ generator: inout SystemRandomNumberGenerator) throws -> String {
        var bytes = Array(json.utf8)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.removeLast(Int.random(in: 2..<bytes.count, using: &generator))
        case 1:
            bytes =
                (0..<Int.random(in: 1...200, using: &generator)).map { _ in
                    UInt8.random(in: 33...126, using: &generator)
                } + [UInt8(ascii: "{")]
        case 2: bytes.insert(UInt8.random(in: 0..<0x20, using: &generator), at: 0); bytes.append(UInt8(ascii: "]"))
        case 3: return "[\(json)]"
        default:
            let wrong = ["[[]]", "{\"x\":{}}", "\"abc\"", "1.5"].randomElement(using: &generator)!
            return
                "{\"job_id\":\(wrong),\"run_id\":\(wrong),\"new_settings\":[],\"offset\":\(wrong),\"timeout_seconds\":\(wrong),\"jobs\":{"
                + (Bool.random(using: &generator) ? "" : "}")
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
