// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore

/// Closes a connection on which nothing goes on: no request (a handshake or a head that never ends counts as none), or
/// an answer that the client does not take. First in the pipeline of every connection.
final class ConnectionGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let registry: ConnectionRegistry
    private let patience: TimeAmount
    private var requests = 0
    /// When to give the connection up; nil: it is busy.
    private var deadline: NIODeadline?
    private var isTimed = false
    /// Bytes that the client had still to take when the deadline was set.
    private var owed = 0

    init(registry: ConnectionRegistry, patience: TimeAmount) {
        self.registry = registry
        self.patience = patience
    }

    func channelActive(context: ChannelHandlerContext) {
        registry.opened(context.channel)
        expect(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        registry.closed(context.channel)
        deadline = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        expect(context)
        context.fireChannelWritabilityChanged()
    }

    func requestBegan(_ channel: any Channel) {
        requests += 1
        // One that asks for more and takes nothing is not busy.
        if channel.isWritable { deadline = nil }
        if requests == 1 { registry.changed(channel, idleSince: nil) }
    }

    func requestEnded(_ channel: any Channel) {
        requests -= 1
        guard requests == 0 else { return }
        registry.changed(channel, idleSince: .now())
        guard let context = try? channel.pipeline.syncOperations.context(handler: self) else { return }
        expect(context)
    }

    /// Sets the deadline anew. Timers are not cancelled, which would cost a search among those of all connections:
    /// one that comes too early sets itself again.
    private func expect(_ context: ChannelHandlerContext) {
        deadline = requests == 0 || !context.channel.isWritable ? .now() + patience : nil
        owed = Self.owed(context)
        if let deadline { time(context, until: deadline) }
    }

    private static func owed(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func time(_ context: ChannelHandlerContext, until time: NIODeadline) {
        if isTimed { return }
        isTimed = true
        context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.ring(context) }
    }

    private func ring(_ context: ChannelHandlerContext) {
        isTimed = false
        guard let deadline else { return }
        if deadline > .now() {
            time(context, until: deadline)
        } else if Self.owed(context) < owed {
            // Slowly, but it takes them.
            expect(context)
        } else {
            context.close(promise: nil)
        }
    }
}
