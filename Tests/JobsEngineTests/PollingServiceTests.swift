// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsEngine
import JobsTesting
import Logging
import Synchronization
import Testing

@Suite("services that look at times")
struct PollingServiceTests {
    private let clock = ManualClock()
    private let passes = ScriptedPasses()

    private func service(_ pauses: PollingService.Pauses) -> PollingService {
        PollingService(
            "count", pauses, clock: clock, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            pass: passes.next)
    }

    @Test("the next pass is made when the last one said, at the latest after the longest pause")
    func pauses() async throws {
        passes.script(.success(clock.now + .seconds(3)), .success(clock.now + .seconds(100)), .success(nil))
        try await withService(service(.init(longest: .seconds(10)))) {
            for (pass, pause) in [3, 10, 10].enumerated() {
                try await clock.hasSleeper(for: .seconds(pause))
                #expect(passes.count == pass + 1)
                clock.advance(by: .seconds(pause))
            }
        }
    }

    @Test("a pass that fails is made again, after a pause of its own if there is one")
    func failure() async throws {
        passes.script(.failure(Broken()), .failure(CancellationError()), .success(nil))
        try await withService(service(.init(longest: .seconds(10), afterFailure: .seconds(1)))) {
            for pause in [1, 1, 10] {
                try await clock.hasSleeper(for: .seconds(pause))
                clock.advance(by: .seconds(pause))
            }
        }
        passes.script(.failure(Broken()))
        try await withService(service(.init(longest: .seconds(10)))) { try await clock.hasSleeper(for: .seconds(10)) }
    }

    @Test("an event ends the pause")
    func event() async throws {
        let wakeUp = AsyncEvent()
        try await withService(service(.init(longest: .seconds(10), event: wakeUp))) {
            for count in 1...3 {
                _ = try await eventually("pass \(count)", every: .milliseconds(2)) {
                    passes.count == count ? true : nil
                }
                try await clock.hasSleeper(for: .seconds(10))
                wakeUp.signal()
            }
        }
    }
}

private struct Broken: Error {}

/// Passes that come out as they are told, then without a next time.
private final class ScriptedPasses: Sendable {
    private let state = Mutex((results: [Result<Timestamp?, any Error>](), count: 0))

    var count: Int { state.withLock { $0.count } }

    func script(_ results: Result<Timestamp?, any Error>...) { state.withLock { $0 = (results, 0) } }

    @Sendable func next() async throws -> Timestamp? {
        let result = state.withLock { state in
            state.count += 1
            return state.results.isEmpty ? .success(nil) : state.results.removeFirst()
        }
        return try result.get()
    }
}

/// Runs `body` beside a service, which is cancelled afterwards.
func withService(_ service: PollingService, _ body: () async throws -> Void) async throws {
    let task = Task { await service.work() }
    defer { task.cancel() }
    try await body()
    task.cancel()
    await task.value
}

extension ManualClock {
    /// Returns once somebody sleeps for that long.
    func hasSleeper(for pause: Duration) async throws {
        let deadline = now + pause
        _ = try await eventually("somebody sleeps for \(pause)", every: .milliseconds(2)) {
            nextDeadline == deadline ? true : nil
        }
    }
}
