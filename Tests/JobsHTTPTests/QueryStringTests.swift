// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import Testing

@testable import JobsHTTP

@Suite("A2: query strings")
struct QueryStringTests {
    @Test(
        "a plus is a space, and only an encoded one is a plus",
        arguments: [
            ("path=%2Fa+b", "path=/a b"), ("path=/a%20b", "path=/a b"), ("path=/a%2Bb", "path=/a+b"),
            ("a+b=c%3Dd=e", "a b=c=d=e"), ("path=/h%C3%A4+%E6%97%A5", "path=/hä 日"), ("x=100%", "x=100%"),
            ("x=%FF+", "x=%FF "), ("flag&&x=", "flag=;x="), ("", ""), ("=v", "=v"),
        ])
    func decoding(_ query: String, _ expected: String) {
        let read = QueryString.parameters(query).map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        #expect(read == expected)
    }

    @Test("files whose names have spaces and pluses are found as Python's clients ask for them")
    func throughTheRouter() async throws {
        try await TestAPI.run { _, client in
            #expect(try await client.post("dbfs/mkdirs", #"{"path": "/a b+c"}"#).status == 200)
            let answer = try await client.get("dbfs/get-status?path=%2Fa+b%2Bc")
            #expect(answer["path"] == .string("/a b+c"))
        }
    }
}
