// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Logging

/// The loop of a service that looks at times: a pass does what is due and says when to look again.
struct PollingLoop: Sendable {
    /// What is due may change at any time, so no pause is longer than this.
    let maxPause: Duration
    let clock: any WallClock
    let logger: Logger

    /// Returns when the task is cancelled. A pass that fails is repeated after the longest pause.
    func work(_ what: String, _ pass: () async throws -> Timestamp?) async {
        while !Task.isCancelled {
            var pause = maxPause
            do {
                if let next = try await pass() { pause = min(pause, next - clock.now) }
            } catch {
                logger.error("cannot \(what)", metadata: ["error": "\(error)"])
            }
            // A span, not a time: a clock that is set back must not make it sleep longer.
            try? await clock.sleep(for: pause)
        }
    }
}
