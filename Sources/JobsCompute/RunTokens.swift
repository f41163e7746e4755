// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Makes the tokens by which runs talk to the server.
public protocol RunTokens: Sendable {
    /// A new token that stands for the run, and is good as long as its task runs.
    func makeToken(for run: RunID) async throws -> String
}
