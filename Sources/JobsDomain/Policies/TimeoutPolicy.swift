// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// timeout_seconds (contract E5): counts from a run's start_time and covers PENDING too.
public struct TimeoutPolicy: Equatable, Sendable {
    /// 0: none.
    public let timeoutSeconds: Int32

    public init(timeoutSeconds: Int32) { self.timeoutSeconds = timeoutSeconds }

    /// The instant at which a run that started at `startTime` is stopped; nil: never.
    public func deadline(startTime: Timestamp) -> Timestamp? {
        timeoutSeconds > 0 ? startTime + .seconds(Int64(timeoutSeconds)) : nil
    }
}
