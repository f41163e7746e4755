// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsJSON
import JobsTesting
import QuartzCron
import Testing

@testable import JobsDomain

@Suite("E7: which due instants fire")
struct MisfirePolicyTests {
    private let policy = MisfirePolicy(grace: .seconds(60), tolerance: .seconds(10))

    private func schedule(_ text: String, _ zone: String = "UTC") throws -> FireTimeSchedule {
        FireTimeSchedule(expression: try CronExpression(text), zone: try JavaTimeZone(zone))
    }

    /// Seconds after 2026-01-01T00:00:00Z.
    private func at(_ seconds: Int64) -> Timestamp { Timestamp(milliseconds: 1_767_225_600_000 + seconds * 1000) }

    private func decide(
        _ text: String, mark: Int64, now: Int64, watchingSince: Int64
    ) throws -> FireDecision {
        policy.decide(try schedule(text), mark: at(mark), now: at(now), watchingSince: at(watchingSince))
    }

    @Test("nothing is due: nothing changes, and the next instant is known")
    func nothing() throws {
        let decision = try decide("0 * * * * ?", mark: 0, now: 59, watchingSince: -100)
        #expect(decision == FireDecision(mark: at(0), next: at(60)))
    }

    @Test("on time: every instant by itself, however many came at once")
    func onTime() throws {
        #expect(
            try decide("0 * * * * ?", mark: 0, now: 60, watchingSince: -100)
                == FireDecision(fires: [at(60)], mark: at(60), next: at(120)))
        #expect(
            try decide("* * * * * ?", mark: 0, now: 3, watchingSince: 0)
                == FireDecision(fires: [at(1), at(2), at(3)], mark: at(3), next: at(4)))
        #expect(try decide("* * * * * ?", mark: 0, now: 10, watchingSince: 0).fires.count == 10)
    }

    @Test("missed while the server was down: the newest fires when it is recent, the others are recorded")
    func down() throws {
        #expect(
            try decide("0 * * * * ?", mark: 0, now: 330, watchingSince: 330)
                == FireDecision(
                    fires: [at(300)],
                    missed: MissedInstants(first: at(60), through: Timestamp(milliseconds: at(300).milliseconds - 1)),
                    mark: at(300), next: at(360)))
        #expect(
            try decide("0 0 * * * ?", mark: 0, now: 3659, watchingSince: 3659)
                == FireDecision(fires: [at(3600)], mark: at(3600), next: at(7200)))
    }

    @Test("missed longer ago than the grace period: recorded, and not run")
    func tooOld() throws {
        #expect(
            try decide("0 0 * * * ?", mark: 0, now: 3660, watchingSince: 3660)
                == FireDecision(
                    missed: MissedInstants(first: at(3600), through: at(3660)), mark: at(3660), next: at(7200)))
        #expect(try decide("0 0 * * * ?", mark: 0, now: 3659, watchingSince: 3659).fires == [at(3600)])
    }

    @Test("a clock that is set forward, or a machine that slept, is treated like a server that was down")
    func jump() throws {
        let decision = try decide("* * * * * ?", mark: 0, now: 86_400 * 365, watchingSince: -100)
        #expect(decision.fires == [at(86_400 * 365)])
        #expect(decision.missed?.first == at(1))
    }

    @Test("a clock that is set back fires nothing twice")
    func back() throws {
        let decision = try decide("* * * * * ?", mark: 3600, now: 10, watchingSince: 0)
        #expect(decision == FireDecision(mark: at(3600), next: at(3601)))
    }

    @Test("a schedule that has fired for the last time is not looked at again")
    func last() throws {
        let decision = try decide("0 0 0 2 1 ? 2026", mark: 0, now: 86_400, watchingSince: -1)
        #expect(decision == FireDecision(fires: [at(86_400)], mark: at(86_400), next: nil))
    }

    @Test("every instant is dealt with exactly once, whatever the passes are", arguments: [TestSeed()])
    func exactlyOnce(_ seed: TestSeed) throws {
        let schedule = try schedule("0/7 * * * * ?")
        var generator = seed.generator
        for _ in 0..<300 {
            var mark = at(0)
            var now: Int64 = 0
            var dealt: [Timestamp] = []
            var watching: Int64 = 0
            for _ in 0..<20 {
                now += Int64.random(in: 0...200, using: &generator)
                if Bool.random(using: &generator) { watching = now }
                let decision = policy.decide(schedule, mark: mark, now: at(now), watchingSince: at(watching))
                if let missed = decision.missed {
                    var instant = schedule.nextFireTime(after: Timestamp(milliseconds: missed.first.milliseconds - 1))
                    while let time = instant, time <= missed.through {
                        dealt.append(time)
                        instant = schedule.nextFireTime(after: time)
                    }
                }
                dealt += decision.fires
                mark = decision.mark
                #expect(decision.next == schedule.nextFireTime(after: mark))
            }
            var expected: [Timestamp] = []
            var instant = schedule.nextFireTime(after: at(0))
            while let time = instant, time <= at(now) {
                expected.append(time)
                instant = schedule.nextFireTime(after: time)
            }
            #expect(dealt == expected)
        }
    }
}
