// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import NIOCore

/// Closes a connection that is idle for `idleTimeout`: it has no request (an unfinished TLS handshake or request head is
/// not a request yet), or its client reads nothing of the response. First in the pipeline of every connection.
///
/// Once the channel is inactive, the event loop holds no timer of it.
final class ConnectionGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let registry: ConnectionRegistry
    private let idleTimeout: TimeAmount
    private var requests = 0
    /// When to close the connection; nil while it is busy.
    private var deadline: NIODeadline?
    /// The only timer of the connection. It may fire before `deadline`, which has been moved since.
    private var timer: Scheduled<Void>?
    /// Bytes that were still to be sent when the deadline was set.
    private var pendingBytes = 0

    init(registry: ConnectionRegistry, idleTimeout: TimeAmount) {
        self.registry = registry
        self.idleTimeout = idleTimeout
    }

    func channelActive(context: ChannelHandlerContext) {
        registry.opened(context.channel)
        resetDeadline(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        registry.closed(context.channel)
        deadline = nil
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        resetDeadline(context)
        context.fireChannelWritabilityChanged()
    }

    func requestBegan(_ channel: any Channel) {
        requests += 1
        // A client that sends requests but reads no responses is not busy.
        if channel.isWritable { deadline = nil }
        if requests == 1 { registry.changed(channel, idleSince: nil) }
    }

    func requestEnded(_ channel: any Channel) {
        requests -= 1
        guard requests == 0 else { return }
        registry.changed(channel, idleSince: .now())
        guard let context = try? channel.pipeline.syncOperations.context(handler: self) else { return }
        resetDeadline(context)
    }

    /// Moves the deadline, not the timer: to cancel one is a linear search among the timers of the event loop, too much
    /// for every request.
    private func resetDeadline(_ context: ChannelHandlerContext) {
        // A request that the end of the connection has ended comes here after `channelInactive`.
        guard context.channel.isActive else { return }
        let isBusy = requests > 0 && context.channel.isWritable
        deadline = isBusy ? nil : context.eventLoop.now + idleTimeout
        pendingBytes = Self.pendingBytes(context)
        if let deadline { scheduleTimer(context, at: deadline) }
    }

    private static func pendingBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    private func scheduleTimer(_ context: ChannelHandlerContext, at time: NIODeadline) {
        guard timer == nil else { return }
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: time) { self.timerFired(context) }
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        guard let deadline else { return }
        if deadline > context.eventLoop.now {
            scheduleTimer(context, at: deadline)
        } else if Self.pendingBytes(context) < pendingBytes {
            // The client reads, though slowly.
            resetDeadline(context)
        } else {
            context.close(promise: nil)
        }
    }
}
