// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Says in the log that the server was asked to stop.
struct StopNotice: Service {
    let logger: Logger

    /// Signals that stop the server. SIGHUP (the terminal is closed) is one unless the caller (`nohup`) ignores it.
    static var signals: [UnixSignal] {
        var action = sigaction()
        sigaction(SIGHUP, nil, &action)
        let isIgnored = action.__sigaction_handler.sa_handler.map { unsafeBitCast($0, to: Int.self) } == 1
        return [.sigterm, .sigint] + (isIgnored ? [] : [.sighup])
    }

    func run() async throws {
        try? await gracefulShutdown()
        if Task.isShuttingDownGracefully { logger.info("stopping; tasks go on") }
    }
}

extension Logger {
    /// For libraries that log the server's events in less detail: at which port they listen but not for what, what a
    /// client has done to its connection.
    static func ofLibraries(_ logger: Logger) -> Logger {
        var logger = logger
        if logger.logLevel > .debug { logger.logLevel = .critical }
        return logger
    }
}
