// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import JobsHTTP

/// Time is that of the embedded event loop.
@Suite("G1: connections")
struct ConnectionTests {
    private static let limits = ConnectionLimits(maxConnections: 10, idleTimeout: .seconds(60))

    /// A connection of HTTP/1.1 without the parsing.
    private final class Connection {
        let registry = ConnectionRegistry(limit: limits.maxConnections)
        let channel = EmbeddedChannel()
        weak var connectionGuard: ConnectionGuard?
        weak var watch: RequestWatch?

        init() throws {
            let connectionGuard = ConnectionGuard(registry: registry, idleTimeout: limits.idleTimeout)
            let watch = RequestWatch(limits: limits)
            try channel.pipeline.syncOperations.addHandlers(connectionGuard, watch)
            (self.connectionGuard, self.watch) = (connectionGuard, watch)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        }

        func receive(_ parts: HTTPRequestPart...) throws {
            for part in parts { channel.pipeline.fireChannelRead(part) }
            channel.pipeline.fireChannelReadComplete()
        }

        func respond() throws {
            try channel.writeOutbound(HTTPResponsePart.head(HTTPResponse(status: .ok)))
            try channel.writeOutbound(HTTPResponsePart.end(nil))
        }

        func setWritable(_ isWritable: Bool) {
            channel.isWritable = isWritable
            channel.pipeline.fireChannelWritabilityChanged()
        }

        func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
    }

    private static let head = HTTPRequestPart.head(
        HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: "/"))

    /// What a client did before it closed the connection.
    enum Use: CaseIterable {
        case nothing, requestAnswered, requestUnderWay, bodyIncomplete
    }

    @Test(
        "a closed connection is released at once, whatever was going on, and not when its timeout would have come",
        arguments: Use.allCases)
    func closedIsReleased(use: Use) throws {
        let connection = try Connection()
        switch use {
        case .nothing: break
        case .requestAnswered:
            try connection.receive(Self.head, .end(nil))
            try connection.respond()
        case .requestUnderWay: try connection.receive(Self.head, .end(nil))
        case .bodyIncomplete: try connection.receive(Self.head, .body(ByteBuffer(string: "half")))
        }
        #expect(connection.connectionGuard != nil && connection.watch != nil)
        try connection.channel.close().wait()
        connection.channel.embeddedEventLoop.run()
        #expect(connection.connectionGuard == nil && connection.watch == nil)
        #expect(connection.registry.count == 0)
    }

    @Test("a connection that is over the limit when it is opened is released at once")
    func refusedIsReleased() throws {
        let registry = ConnectionRegistry(limit: 0)
        let channel = EmbeddedChannel()
        weak var released: ConnectionGuard?
        do {
            let connectionGuard = ConnectionGuard(registry: registry, idleTimeout: .seconds(60))
            try channel.pipeline.syncOperations.addHandler(connectionGuard)
            released = connectionGuard
        }
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        channel.embeddedEventLoop.run()
        #expect(!channel.isActive && released == nil && registry.count == 0)
    }

    @Test(
        "a connection without a request is closed after the timeout, which begins again when a response ends",
        arguments: [TimeAmount.seconds(0), .seconds(600)])
    func idleIsClosed(duration: TimeAmount) throws {
        let connection = try Connection()
        connection.wait(.seconds(30))
        try connection.receive(Self.head, .end(nil))
        connection.wait(duration)
        #expect(connection.channel.isActive, "closed while a request was under way")
        try connection.respond()
        connection.wait(.seconds(59))
        #expect(connection.channel.isActive, "closed too early")
        connection.wait(.seconds(1))
        #expect(!connection.channel.isActive)
    }

    @Test(
        "a client that stops reading its response is closed after the timeout, unless it goes on in time",
        arguments: [true, false])
    func unreadResponse(goesOn: Bool) throws {
        let connection = try Connection()
        try connection.receive(Self.head, .end(nil))
        connection.setWritable(false)
        connection.wait(.seconds(59))
        #expect(connection.channel.isActive, "closed too early")
        if goesOn { connection.setWritable(true) }
        connection.wait(.seconds(1))
        #expect(connection.channel.isActive == goesOn)
    }

    @Test("a body has the timeout and one second more for each KiB that has arrived; the next body has its own time")
    func slowBody() throws {
        let connection = try Connection()
        let kilobyte = HTTPRequestPart.body(ByteBuffer(repeating: 32, count: 1024))
        try connection.receive(Self.head, kilobyte)
        connection.wait(.seconds(30))
        try connection.receive(.end(nil))
        try connection.respond()
        try connection.receive(Self.head, kilobyte)
        connection.wait(.seconds(59))
        try connection.receive(kilobyte)
        connection.wait(.seconds(2))
        #expect(connection.channel.isActive, "closed too early")
        connection.wait(.seconds(1))
        #expect(!connection.channel.isActive)
    }

    @Test("a large body gives no time to the one after it")
    func slowAfterLarge() throws {
        let connection = try Connection()
        try connection.receive(Self.head, .body(ByteBuffer(repeating: 32, count: 1024 * 1024)))
        connection.wait(.seconds(61))
        try connection.receive(.end(nil))
        try connection.respond()
        try connection.receive(Self.head, .body(ByteBuffer(string: "half")))
        connection.wait(.seconds(61))
        #expect(!connection.channel.isActive)
    }
}
