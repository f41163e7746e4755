// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsStore
import JobsTesting

func check(_ condition: Bool, _ what: @autoclosure () -> String) throws {
    if !condition { throw ConformanceViolation(description: what()) }
}

func checkEqual<T: Equatable>(_ found: T, _ expected: T, _ what: String) throws {
    try check(found == expected, "\(what): found \(found), expected \(expected)")
}

/// Passes when `body` throws this error and no other.
func checkThrows(_ expected: StoreError, _ body: () async throws -> Void) async throws {
    try await checkThrows(error: expected, body)
}

func checkThrows<E: Error & Equatable>(error expected: E, _ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as E {
        return try checkEqual(error, expected, "the error")
    }
    throw ConformanceViolation(description: "\(expected) was not thrown")
}

/// The value, or the violation that there is none.
func found<T>(_ value: T?, _ what: String) throws -> T {
    guard let value else { throw ConformanceViolation(description: "no \(what)") }
    return value
}

/// Calls `body` `count` times concurrently; the outcomes are in no order.
func atOnce<T: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> T
) async -> [Result<T, any Error>] {
    await withTaskGroup(of: Result<T, any Error>.self) { group in
        for index in 0..<count {
            group.addTask {
                do { return .success(try await body(index)) } catch { return .failure(error) }
            }
        }
        return await group.reduce(into: []) { $0.append($1) }
    }
}

/// Like `atOnce`, where none may fail.
func allAtOnce<T: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) async throws -> T) async throws -> [T] {
    try await atOnce(count, body).map { try $0.get() }
}

extension StoreConformance {
    /// A job's settings, as passed to the next change.
    static func settings(of job: JobID, in store: StoreCheck.Store) async throws -> JobSettings {
        struct Seen: Error { let settings: JobSettings }
        do {
            try await store.changeSettings(of: job, at: t0) { throw Seen(settings: $0) }
        } catch let seen as Seen {
            return seen.settings
        }
        throw ConformanceViolation(description: "a change that refuses was taken for done")
    }

    static func change(
        _ job: JobID, at time: Timestamp = t0, in store: StoreCheck.Store,
        _ change: @escaping @Sendable (inout JobSettings) -> Void
    ) async throws {
        try await store.changeSettings(of: job, at: time) { settings in
            var settings = settings
            change(&settings)
            return settings
        }
    }

    /// A run whose task runs, of a job of its own.
    static func runningRun(in store: StoreCheck.Store, _ settings: JobSettings = .fixture()) async throws -> RunID {
        let job = try await store.createJob(settings, by: "ann", at: t0)
        let run = try await store.admit(.fixture(of: job, at: t0)).runID
        try await record(.taskStarted, of: run, at: at(2), in: store)
        return run
    }

    @discardableResult
    static func record(
        _ event: RunEvent, of run: RunID, at time: Timestamp, in store: StoreCheck.Store
    ) async throws -> RecordedEvent {
        try await store.record(event, of: run, at: time, facts: RunFacts())
    }

    /// Takes a run from PENDING to its end, 35 milliseconds after `start`; answers its retry.
    @discardableResult
    static func end(
        _ run: RunID, _ outcome: TaskOutcome, in store: StoreCheck.Store, from start: Int64 = 0
    ) async throws -> RunID? {
        let usage = TaskUsage(exitCode: 0, signal: nil, cpuTime: .milliseconds(7), peakMemory: 1024)
        try await record(.taskStarted, of: run, at: at(start + 10), in: store)
        _ = try await store.record(.taskEnded(outcome), of: run, at: at(start + 30), facts: RunFacts(usage: usage))
        return try await record(.cleanedUp, of: run, at: at(start + 35), in: store).retry
    }

    /// Cancels a run and ends it at once.
    static func cancel(_ run: RunID, at time: Timestamp, in store: StoreCheck.Store) async throws {
        _ = try await store.cancelRun(run, at: time)
        try await record(.cleanedUp, of: run, at: time, in: store)
    }

    static func state(of run: RunID, in store: StoreCheck.Store) async throws -> RunState? {
        try await store.run(run)?.state
    }
}
