// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore

/// What a client may ask of the server by its connections alone.
public struct ConnectionLimits: Sendable {
    /// Connections open at the same time. One more, and the one that has been idle longest is closed for it.
    public let maxConnections: Int
    /// How long a connection may be without a request, or its client without taking what is sent to it.
    public let patience: TimeAmount

    /// Bytes per second at which the body of a request must arrive, after `patience`: who sends a byte now and then is
    /// not a client but an attack ("slow loris").
    static let slowestBody = 1024

    public init(maxConnections: Int, patience: Duration) {
        self.maxConnections = maxConnections
        self.patience = TimeAmount(patience)
    }

    /// Until when a body of which so much has come since `start` must be complete.
    func deadline(ofBodySince start: NIODeadline, received: Int) -> NIODeadline {
        start + patience + .milliseconds(Int64(received) * 1000 / Int64(Self.slowestBody))
    }
}
