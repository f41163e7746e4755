// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL

/// A kind of connection under guard.
struct GuardedChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let registry: ConnectionRegistry
    let limits: ConnectionLimits

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        do {
            try channel.pipeline.syncOperations.addHandler(
                ConnectionGuard(registry: registry, idleTimeout: limits.idleTimeout))
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        return base.setup(channel: channel, logger: logger)
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

extension HTTPServerBuilder {
    /// HTTP/1.1, or, with a certificate, HTTPS with HTTP/2 and HTTP/1.1; connections are limited.
    public static func guarded(_ limits: ConnectionLimits, certificate: ServerCertificate?) -> HTTPServerBuilder {
        let registry = ConnectionRegistry(limit: limits.maxConnections)
        let stream = HTTP1Channel.Configuration(additionalChannelHandlers: [RequestWatch(limits: limits)])
        return HTTPServerBuilder { responder in
            guard let certificate else {
                return GuardedChannel(
                    base: HTTP1Channel(responder: responder, configuration: stream), registry: registry, limits: limits)
            }
            return GuardedChannel(
                base: try HTTP2UpgradeChannel(
                    tlsConfiguration: certificate.configuration,
                    configuration: HTTP2UpgradeChannel.Configuration(streamConfiguration: stream), responder: responder),
                registry: registry, limits: limits)
        }
    }
}
