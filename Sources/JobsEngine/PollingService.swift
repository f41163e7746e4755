// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Logging
import ServiceLifecycle

/// A service that polls: a pass does what is due and returns when the next pass is due.
public struct PollingService: Service, CustomStringConvertible {
    /// The times at which a pass is made.
    package struct Pauses: Sendable {
        /// What is due may change at any time, and a wake-up may be lost, so no pause is longer than this.
        let longest: Duration
        /// After a pass that failed; nil: the longest.
        var afterFailure: Duration?
        /// Ends a pause at once; nil: nothing does.
        var event: AsyncEvent?

        package init(longest: Duration, afterFailure: Duration? = nil, event: AsyncEvent? = nil) {
            self.longest = longest
            self.afterFailure = afterFailure
            self.event = event
        }
    }

    /// What a pass does: the log says "cannot ..." of one that fails.
    public let description: String
    private let pauses: Pauses
    private let clock: any WallClock
    private let logger: Logger
    private let pass: @Sendable () async throws -> Timestamp?

    /// - Parameter pass: does what is due; returns when the next pass is due, nil: after the longest pause.
    package init(
        _ description: String, _ pauses: Pauses, clock: any WallClock, logger: Logger,
        pass: @escaping @Sendable () async throws -> Timestamp?
    ) {
        self.description = description
        self.pauses = pauses
        self.clock = clock
        self.logger = logger
        self.pass = pass
    }

    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.work() }
    }

    /// Runs one pass after the other until the task is cancelled; a failed pass is retried.
    package func work() async {
        while !Task.isCancelled { await wait(await passSafely()) }
    }

    /// - Returns: the pause after it. A span, not a time: a clock that is set back must not make it longer.
    private func passSafely() async -> Duration {
        do {
            guard let next = try await pass() else { return pauses.longest }
            return min(pauses.longest, next - clock.now)
        } catch is CancellationError {
            // The server shuts down, or the pass is retried after the pause.
        } catch {
            logger.error("cannot \(description)", metadata: ["error": "\(error)"])
        }
        return pauses.afterFailure ?? pauses.longest
    }

    private func wait(_ pause: Duration) async {
        guard let event = pauses.event else {
            try? await clock.sleep(for: pause)
            return
        }
        await event.wait(atMost: pause, clock: clock)
    }
}
