// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// Creates the tokens with which runs authenticate to the server.
public protocol RunTokens: Sendable {
    /// A new token that identifies the run, valid while its task runs.
    func makeToken(for run: RunID) async throws -> String
}
