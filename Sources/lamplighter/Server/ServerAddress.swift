// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Synchronization

/// Where the server is, for links in answers; known once it listens.
final class ServerAddress: Sendable {
    private let publicURL: String?
    private let listening = Mutex("")

    init(publicURL: String?) {
        self.publicURL = publicURL?.hasSuffix("/") == true ? publicURL.map { String($0.dropLast()) } : publicURL
    }

    var url: String { publicURL ?? listening.withLock { $0 } }

    func listens(at url: String) { listening.withLock { $0 = url } }
}
