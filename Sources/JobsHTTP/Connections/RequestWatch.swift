// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Tells the connection's guard when requests begin and end, closes on a body that arrives too slowly, and answers
/// `Expect: 100-continue`, for which curl waits a second before it sends a large body.
///
/// Once the channel is inactive, the event loop holds no timer of it: with HTTP/2, each request is a channel.
final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: ConnectionLimits
    private var body: (start: NIODeadline, received: Int)?
    /// The only timer of the channel. It stays when its body has arrived, and serves the next one; so it never fires
    /// later than `idleTimeout` from when it was set.
    private var timer: Scheduled<Void>?
    private var openRequests = 0
    /// Bytes of a body that came after its request was answered. Some are on their way when it is refused.
    private var unwanted = 0
    private static let maxUnwanted = 4 * 1024 * 1024
    private var connection: (guard: ConnectionGuard, channel: any Channel)?

    init(limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        // A stream of HTTP/2 is a channel of its own, below that of the connection.
        for channel in [context.channel, context.channel.parent] {
            guard let channel, channel.eventLoop.inEventLoop,
                let found = try? channel.pipeline.syncOperations.handler(type: ConnectionGuard.self)
            else { continue }
            connection = (found, channel)
            return
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            openRequests += 1
            unwanted = 0
            if let connection { connection.guard.requestBegan(connection.channel) }
            body = (context.eventLoop.now, 0)
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body(let part):
            body?.received += part.readableBytes
            if openRequests == 0 {
                // Answered already: a client that goes on sending will not read the answer.
                unwanted += part.readableBytes
                if unwanted > Self.maxUnwanted { return context.close(promise: nil) }
            }
        case .end: body = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies have arrived with their heads and need no timer.
        scheduleTimer(context)
        context.fireChannelReadComplete()
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { requestEnded() }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimer()
        while openRequests > 0 { requestEnded() }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelTimer() }

    private func requestEnded() {
        guard openRequests > 0 else { return }
        openRequests -= 1
        if let connection { connection.guard.requestEnded(connection.channel) }
    }

    private func scheduleTimer(_ context: ChannelHandlerContext) {
        guard let body, timer == nil else { return }
        let deadline = min(
            limits.deadline(ofBodySince: body.start, received: body.received),
            context.eventLoop.now + limits.idleTimeout)
        timer = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerFired(context) }
    }

    private func cancelTimer() {
        body = nil
        timer?.cancel()
        timer = nil
    }

    private func timerFired(_ context: ChannelHandlerContext) {
        timer = nil
        guard let body else { return }
        if limits.deadline(ofBodySince: body.start, received: body.received) <= context.eventLoop.now {
            context.close(promise: nil)
        } else {
            scheduleTimer(context)
        }
    }
}
