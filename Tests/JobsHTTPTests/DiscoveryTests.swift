// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import Testing

@Suite("what clients ask a host before they speak to it")
struct DiscoveryTests {
    @Test("databricks-config answers that there is nothing to know, without a token")
    func databricksConfig() async throws {
        try await TestAPI.run { _, client in
            let answer = try await client.send(.get, "/.well-known/databricks-config", authorization: .some(nil))
            #expect(answer.status == 200)
            #expect(answer.text == "{}")
        }
    }
}
