// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import NIOCore

/// `/api/2.0/openapi.json`; needs no token, since it tells nothing of this server.
struct DescriptionRoutes: Sendable {
    private let json: ByteBuffer

    init(document: OpenAPIDocument) { json = ByteBuffer(string: document.json) }

    var endpoints: [Endpoint] { [.open("/api/2.0/openapi.json") { _, _ in APIResponse.response(json) }] }
}
