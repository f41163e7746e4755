// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import JobsAPI
import JobsJSON
import JobsTesting
import Testing

@Suite("Bad input")
struct RandomRequestTests {
    /// What can be changed, as it is shown.
    private static let lists = [
        "jobs/list", "jobs/runs/list?limit=0", "workspace/list?path=/", "secrets/scopes/list", "dbfs/list?path=/",
        "notification-destinations",
    ]

    @Test(
        "after 2,000 random malformed requests, to any endpoint, only 4xx were answered and nothing is changed",
        arguments: [TestSeed()])
    func thousands(_ seed: TestSeed) async throws {
        try await TestAPI.run { _, client in
            _ = try await client.post("jobs/create", try SpecExample.createJob.json)
            func everything() async throws -> [String] {
                var answers: [String] = []
                for list in Self.lists { answers.append(try await client.get(list).text) }
                return answers
            }
            let before = try await everything()
            var generator = seed.generator
            for _ in 0..<2000 {
                let operation = try #require(APIOperation.all.randomElement(using: &generator))
                let method = try #require(HTTPRequest.Method(operation.method.rawValue))
                let path = operation.path.replacing("{id}", with: "1")
                let body = try Self.body(for: operation, &generator)
                // Lists take no required parameter: what is not JSON is refused there too.
                let answer = try await client.send(method, path, body)
                #expect(
                    (400..<500).contains(answer.status), "\(method) \(path): \(answer.status) for \(body.prefix(300))")
                #expect(answer.errorCode != nil)
            }
            #expect(try await everything() == before)
        }
    }

    /// A document that is broken as JSON, or whose every known member has a wrong type.
    private static func body(for operation: APIOperation, _ generator: inout SeededGenerator) throws -> String {
        // To tell of the faults of settings is what jobs/validate answers with 200.
        let members = operation.name == "ValidateJob" ? [] : operation.parameters.map(\.name)
        if !members.isEmpty, Bool.random(using: &generator) {
            // Neither is anything that a member may be: scalars are taken for each other.
            let wrong = ["[[]]", "{\"x\":{}}"].randomElement(using: &generator) ?? ""
            return "{" + members.map { "\"\($0)\":\(wrong)" }.joined(separator: ",") + "}"
        }
        return mutilated(try SpecExample.createJob.json, &generator)
    }

    private static func mutilated(_ json: String, _ generator: inout SeededGenerator) -> String {
        var bytes = Array(json.utf8)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.removeLast(Int.random(in: 2..<bytes.count, using: &generator))
        case 1:
            let count = Int.random(in: 1...200, using: &generator)
            bytes = (0..<count).map { _ in UInt8.random(in: 33...126, using: &generator) } + [UInt8(ascii: "{")]
        case 2: bytes.insert(UInt8.random(in: 0..<0x20, using: &generator), at: 0); bytes.append(UInt8(ascii: "]"))
        default: return "[\(json)]"
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
