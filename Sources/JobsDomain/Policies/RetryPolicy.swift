// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// When an unsuccessful run is tried again (contract E4).
public struct RetryPolicy: Equatable, Sendable {
    /// The greatest attempt_number; -1: no end; 0: never.
    public let limit: Int32
    /// Counted from the START of the failed attempt.
    public let minRetryInterval: Duration
    public let retryOnTimeout: Bool

    public init(limit: Int32, minRetryInterval: Duration, retryOnTimeout: Bool) {
        self.limit = limit
        self.minRetryInterval = minRetryInterval
        self.retryOnTimeout = retryOnTimeout
    }
}

/// What the policy needs to know about an attempt that has ended.
public struct EndedAttempt: Equatable, Sendable {
    public let state: RunState
    /// 0 for the first.
    public let number: Int32
    public let startTime: Timestamp
    public let jobIsDeleted: Bool

    public init(state: RunState, number: Int32, startTime: Timestamp, jobIsDeleted: Bool) {
        self.state = state
        self.number = number
        self.startTime = startTime
        self.jobIsDeleted = jobIsDeleted
    }
}

public enum RetryDecision: Equatable, Sendable {
    case retry(notBefore: Timestamp)
    case stop(StopReason)

    public enum StopReason: Equatable, Sendable {
        case notRetryable
        case timeoutNotRetried
        case jobDeleted
        case attemptsExhausted
    }
}

extension RetryPolicy {
    /// The interval counts from the START of the failed attempt, so a long failure is retried at once.
    public func decide(after attempt: EndedAttempt) -> RetryDecision {
        switch (attempt.state.lifeCycleState, attempt.state.resultState) {
        case (.internalError, .canceled), (.internalError, .success): return .stop(.notRetryable)
        case (_, .timedOut) where !retryOnTimeout: return .stop(.timeoutNotRetried)
        case (.internalError, _), (.terminated, .failed), (.terminated, .timedOut): break
        default: return .stop(.notRetryable)
        }
        if attempt.jobIsDeleted { return .stop(.jobDeleted) }
        guard limit == -1 || attempt.number < limit else { return .stop(.attemptsExhausted) }
        return .retry(notBefore: attempt.startTime + minRetryInterval)
    }
}
