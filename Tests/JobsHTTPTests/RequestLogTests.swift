// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Logging
import Testing

@testable import JobsHTTP

@Suite("Requests in the log")
struct RequestLogTests {
    @Test("every answer has an id: the client's own when it is harmless", arguments: ["a", "7f.b-1:2/3+=@_", "made"])
    func takenOver(_ id: String) async throws {
        try await TestAPI.run { _, client in
            let name = HTTPField.Name("X-Request-Id")!
            let answer = try await client.send(.get, "/api/2.0/jobs/list", headers: [name: id])
            #expect(answer.headers[name] == id)
            for path in ["/api/2.0/jobs/get?job_id=9", "/nowhere"] {
                let refused = try await client.send(.get, path, headers: [name: id])
                #expect(refused.status >= 400 && refused.headers[name] == id)
            }
            let refused = try await client.send(.get, "/api/2.0/jobs/list", authorization: .some(nil))
            #expect(refused.status == 401 && refused.headers[name]?.isEmpty == false)
        }
    }

    @Test("what could do harm in a header or a log is replaced", arguments: ["", "a b", "ä", "a\"b", "a;b", "{}"])
    func replaced(_ id: String) {
        #expect(RequestIdentity.id(given: id, made: "made") == "made")
        #expect(RequestIdentity.id(given: String(repeating: "x", count: 129), made: "made") == "made")
        #expect(RequestIdentity.id(given: nil, made: "made") == "made")
    }

    @Test("what changes something is told, what fails is a warning, what only reads is for debugging")
    func levels() {
        func level(_ method: HTTPRequest.Method, _ status: Int, seconds: Int = 0) -> Logger.Level {
            RequestLine(method: method, status: status, took: .seconds(seconds), changes: .info).level
        }
        #expect(level(.post, 200) == .info && level(.get, 200) == .debug && level(.post, 400) == .debug)
        #expect(level(.get, 500) == .warning && level(.post, 503) == .warning)
        #expect(level(.get, 200, seconds: 3) == .warning && level(.post, 404, seconds: 3) == .warning)
    }
}
