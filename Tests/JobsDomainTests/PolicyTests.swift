// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import Testing

@Suite("E3, E4, E5: concurrency, retries, timeouts")
struct PolicyTests {
    struct RetryCase: Sendable, CustomTestStringConvertible {
        let name: String
        var limit: Int32 = 3
        var retryOnTimeout = false
        var state = RunState(.terminated, .failed, message: "")
        var attempt: Int32 = 0
        var jobIsDeleted = false
        let expected: RetryDecision
        var testDescription: String { name }
    }

    static let start = Timestamp(milliseconds: 1_000_000)
    static let again = RetryDecision.retry(notBefore: start + .milliseconds(500))

    @Test(
        "E4: when a run is tried again",
        arguments: [
            RetryCase(name: "failed", expected: again),
            RetryCase(name: "internal error", state: RunState(.internalError, message: ""), expected: again),
            RetryCase(
                name: "internal error of a running task", state: RunState(.internalError, .failed, message: ""),
                expected: again),
            RetryCase(name: "last attempt", limit: 3, attempt: 2, expected: again),
            RetryCase(name: "attempts exhausted", limit: 3, attempt: 3, expected: .stop(.attemptsExhausted)),
            RetryCase(name: "never", limit: 0, expected: .stop(.attemptsExhausted)),
            RetryCase(name: "without end", limit: -1, attempt: 5000, expected: again),
            RetryCase(
                name: "timeout, not wanted", state: RunState(.terminated, .timedOut, message: ""),
                expected: .stop(.timeoutNotRetried)),
            RetryCase(
                name: "timeout, wanted", retryOnTimeout: true, state: RunState(.terminated, .timedOut, message: ""),
                expected: again),
            RetryCase(
                name: "succeeded", state: RunState(.terminated, .success, message: ""), expected: .stop(.notRetryable)),
            RetryCase(
                name: "cancelled", state: RunState(.terminated, .canceled, message: ""), expected: .stop(.notRetryable)),
            RetryCase(
                name: "cancelled, clean-up failed", state: RunState(.internalError, .canceled, message: ""),
                expected: .stop(.notRetryable)),
            RetryCase(name: "skipped", state: RunState(.skipped, message: ""), expected: .stop(.notRetryable)),
            RetryCase(name: "job deleted", jobIsDeleted: true, expected: .stop(.jobDeleted)),
        ])
    func retry(_ test: RetryCase) {
        let policy = RetryPolicy(
            limit: test.limit, minRetryInterval: .milliseconds(500), retryOnTimeout: test.retryOnTimeout)
        let attempt = EndedAttempt(
            state: test.state, number: test.attempt, startTime: Self.start, jobIsDeleted: test.jobIsDeleted)
        #expect(policy.decide(after: attempt) == test.expected)
    }

    @Test(
        "E3: max_concurrent_runs",
        arguments: [
            (0, 0, RunLifeCycleState.skipped), (1, 0, .pending), (1, 1, .skipped), (1000, 999, .pending),
            (1000, 1000, .skipped),
            (3, 4, .skipped),
        ])
    func concurrency(_ limit: Int, _ active: Int, _ expected: RunLifeCycleState) {
        let state = ConcurrencyPolicy(maxConcurrentRuns: Int32(limit)).decide(activeRuns: active)
        #expect(state.lifeCycleState == expected)
        if expected == .skipped {
            #expect(state.stateMessage.contains("the limit of \(limit) maximum concurrent runs has been reached"))
        }
    }

    @Test("E5: a timeout counts from the start; 0 is none")
    func timeout() {
        #expect(TimeoutPolicy(timeoutSeconds: 0).deadline(startTime: Self.start) == nil)
        #expect(TimeoutPolicy(timeoutSeconds: 5).deadline(startTime: Self.start) == Timestamp(milliseconds: 1_005_000))
        #expect(
            TimeoutPolicy(timeoutSeconds: .max).deadline(startTime: Self.start)
                == Timestamp(milliseconds: 1_000_000 + Int64(Int32.max) * 1000))
    }
}

@Suite("B6: limits of the workspace")
struct WorkspaceLimitsTests {
    private func at(_ second: Int) -> Timestamp { Timestamp(milliseconds: 1_700_000_000_000) + .seconds(second) }

    @Test(
        "a free slot is expected at the pace of the last ends",
        arguments: [
            ([], 60), ([0], 20), ([0, 10, 19], 6), ([19, 20], 1), ([-10_000], 60), ([30], 60),
        ] as [([Int], Int)])
    func estimate(ends: [Int], seconds: Int) {
        let wait = FreeSlotEstimate.wait(recentEnds: ends.map(at), now: at(20))
        #expect(Int(wait.components.seconds) == seconds)
    }
}

@Suite("D5: times and durations")
struct RunTimesTests {
    private let start = Timestamp(milliseconds: 1000)

    @Test("durations add up to the whole, whichever way the run took")
    func sums() {
        let ways: [[RunLifeCycleState]] = [
            [.running, .terminating, .terminated], [.terminating, .terminated], [.internalError],
            [.running, .internalError], [.running, .terminating, .internalError], [.skipped],
        ]
        for way in ways {
            var times = RunTimes(start: start)
            var now = start
            for state in way {
                now = now + .milliseconds(7)
                times = times.entering(state, at: now)
            }
            let whole = (times.end! - times.start).wholeMilliseconds
            #expect(times.setupDuration + times.executionDuration + times.cleanupDuration == whole)
            #expect(times.end == now)
        }
    }

    @Test("a clock that was set back never makes a phase end before it began")
    func clockSetBack() {
        let times = RunTimes(start: start).entering(.running, at: Timestamp(milliseconds: 5000))
            .entering(.terminating, at: Timestamp(milliseconds: 2000)).entering(
                .terminated, at: Timestamp(milliseconds: 10))
        #expect(times.executionDuration == 0)
        #expect(times.cleanupDuration == 0)
        #expect(times.setupDuration == 4000)
    }

    @Test("a waiting retry that is cancelled ends when it is cancelled, not when it would have started")
    func waitingRetry() {
        let times = RunTimes(start: Timestamp(milliseconds: 60_000)).entering(
            .terminating, at: Timestamp(milliseconds: 10_000)
        )
        .entering(.terminated, at: Timestamp(milliseconds: 10_001))
        #expect(times.end == Timestamp(milliseconds: 10_001))
        #expect(times.setupDuration == 0)
    }
}

@Suite("C10: context variables")
struct ContextVariablesTests {
    private let variables = ContextVariables(
        jobID: JobID(7), runID: RunID(452), parentRunID: nil, taskKey: "main",
        startTime: Timestamp(milliseconds: 1_709_164_799_999), retryCount: 2)

    @Test(
        "known names are replaced, everything else stays",
        arguments: [
            ("{{job_id}}", "7"), ("{{run_id}}-{{task_retry_count}}", "452-2"), ("{{start_date}}", "2024-02-28"),
            ("{{start_time}}", "1709164799999"), ("{{parent_run_id}}", "452"), ("{{task_key}}", "main"),
            ("{{ job_id }}", "{{ job_id }}"), ("{{unknown}} {{job_id}}", "{{unknown}} 7"), ("{{{job_id}}}", "{7}"),
            ("{{job_id", "{{job_id"), ("a", "a"), ("", ""), ("{{}}", "{{}}"),
        ])
    func substitution(_ text: String, _ expected: String) {
        #expect(variables.substituted(in: text) == expected)
    }

    @Test(
        "dates around leap days, centuries and the epoch",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (951_782_400_000, "2000-02-29"), (1_709_251_199_999, "2024-02-29"),
            (1_709_251_200_000, "2024-03-01"), (4_107_542_400_000, "2100-03-01"), (4_107_542_399_999, "2100-02-28"),
        ])
    func dates(_ milliseconds: Int64, _ expected: String) {
        #expect(CivilDate(Timestamp(milliseconds: milliseconds)).iso8601 == expected)
    }
}
