// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsCompute
import JobsDomain
import JobsStore

/// The tokens by which notebooks that run talk to the server. They are no access tokens: one stands for its run, opens
/// only what runs may ask, and is good only while that run's task runs.
public struct NotebookRunTokens: RunTokens {
    private let store: any NotebookRunStore

    public init(store: any NotebookRunStore) { self.store = store }

    public func makeToken(for run: RunID) async throws -> String {
        let token = "run" + TokenText.random()
        try await store.addRunToken(hash: TokenText.hash(token), of: run)
        return token
    }

    /// nil when the token is unknown or its run has ended.
    public func run(of token: String) async throws -> RunID? {
        try await store.running(tokenHash: TokenText.hash(token))
    }
}
