// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore

/// What a client may ask of the server by its connections alone.
public struct ConnectionLimits: Sendable {
    /// Connections open at the same time. One more, and the one that has been idle longest is closed for it.
    public let maxConnections: Int
    /// How long a connection may be without a request, or its client without reading the response.
    public let idleTimeout: TimeAmount

    /// Bytes per second at which the body of a request must arrive, after `idleTimeout`: a client that sends a byte now
    /// and then is an attack ("slow loris").
    static let slowestBody = 1024

    public init(maxConnections: Int, idleTimeout: Duration) {
        self.maxConnections = maxConnections
        self.idleTimeout = TimeAmount(idleTimeout)
    }

    /// When to close on a body that has begun at `start`, of which so many bytes have arrived.
    func deadline(ofBodySince start: NIODeadline, received: Int) -> NIODeadline {
        start + idleTimeout + .milliseconds(Int64(received) * 1000 / Int64(Self.slowestBody))
    }
}
