// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// How long runs are kept after they have ended, with all that belongs to them (contract D10).
public struct RetentionPolicy: Equatable, Sendable {
    /// nil: for ever.
    public let keep: Duration?

    public init(keep: Duration?) { self.keep = keep }

    /// What ended before this instant is removed; nil: nothing.
    public func cutoff(now: Timestamp) -> Timestamp? {
        keep.map { Timestamp(milliseconds: now.milliseconds - $0.wholeMilliseconds) }
    }
}
