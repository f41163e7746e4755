// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain
import JobsEngine
import JobsJSON
import JobsServerTesting
import JobsStore
import JobsStoreSQLite
import JobsTesting
import Logging
import Synchronization
import Testing

@Suite("E7: schedules fire")
struct TriggerSchedulerTests {
    private let temporary: TemporaryStore
    private let clock = ManualClock(milliseconds: 1_767_225_600_000)  // 2026-01-01T00:00:00Z

    private var store: SQLiteStore { temporary.store }

    init() throws { temporary = try TemporaryStore() }

    /// A scheduler as a server that starts now makes it.
    private func scheduler(batch: Int = 500, wakeUps: EngineEvents = EngineEvents()) -> TriggerScheduler {
        TriggerScheduler(
            store: store, wakeUps: wakeUps, clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), batch: batch)
    }

    private func job(_ expression: String, _ zone: String = "UTC", paused: Bool = false, runs: Int32 = 1000)
        async throws
        -> JobID
    {
        try await store.createJob(.scheduled(expression, zone, paused: paused, runs: runs), by: "a", at: clock.now)
    }

    private func runs(of job: JobID) async throws -> [RunView] {
        try await store.runs(RunQuery(jobID: job, offset: 0, limit: 999)).runs.reversed()
    }

    @Test("a schedule fires once per instant, also when the server restarts in between")
    func firesOnceAcrossRestart() async throws {
        let job = try await job("0 15 22 * * ?")
        _ = try await scheduler().runOnce()
        #expect(try await runs(of: job).isEmpty)
        clock.advance(by: .seconds(22 * 3600 + 15 * 60))
        for _ in 1...3 { _ = try await scheduler().runOnce() }
        let runs = try await runs(of: job)
        #expect(runs.map(\.trigger) == [.periodic])
        #expect(
            runs.first?.definition.settings.schedule?.quartzCronExpression == "0 15 22 * * ?")
        #expect(runs.first?.creatorUserName == "a")
    }

    @Test("it looks again when the next instant comes, and not before")
    func sleeps() async throws {
        let scheduler = scheduler()
        #expect(try await scheduler.runOnce() == nil, "no schedule")
        _ = try await job("0 0 * * * ?")
        #expect(try await scheduler.runOnce() == clock.now + .seconds(3600))
        clock.advance(by: .seconds(3595))
        #expect(try await scheduler.runOnce() == clock.now + .seconds(5))
    }

    @Test("times are those of the zone")
    func zone() async throws {
        let job = try await job("0 0 1 * * ?", "Asia/Tokyo")
        clock.advance(by: .seconds(16 * 3600 - 1))
        let scheduler = scheduler()
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).isEmpty)
        clock.advance(by: .seconds(1))
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == 1)
    }

    @Test("missed while the server was down: recent enough fires once, the rest is recorded")
    func missed() async throws {
        let recent = try await job("0 * * * * ?")
        let old = try await job("0 0 1 * * ?")
        clock.advance(by: .seconds(2 * 3600 + 30))
        _ = try await scheduler().runOnce()
        #expect(try await runs(of: recent).count == 1)
        #expect(try await runs(of: old).isEmpty)
        let trigger = try #require(try await store.trigger(of: recent))
        #expect(trigger.missed.count == 1)
        #expect(trigger.missed.first?.first == Timestamp(milliseconds: 1_767_225_660_000))
        #expect(try await store.trigger(of: old)?.missed.count == 1)
    }

    @Test("one too many is SKIPPED and counts as fired")
    func skipped() async throws {
        let job = try await job("* * * * * ?", runs: 1)
        let scheduler = scheduler()
        clock.advance(by: .seconds(3))
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).map(\.state.lifeCycleState) == [.pending, .skipped, .skipped])
    }

    @Test("a paused schedule fires nothing, and unpausing does not make up")
    func paused() async throws {
        let job = try await job("0 * * * * ?", paused: true)
        let scheduler = scheduler()
        clock.advance(by: .seconds(600))
        _ = try await scheduler.runOnce()
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled("0 * * * * ?") }
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).isEmpty)
        #expect(try await store.trigger(of: job)?.missed.isEmpty == true)
        clock.advance(by: .seconds(60))
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == 1)
    }

    @Test("a changed schedule takes effect at once; other changes leave it alone; a deleted job fires no more")
    func changes() async throws {
        let job = try await job("0 0 12 * * ?")
        let scheduler = scheduler()
        clock.advance(by: .seconds(30))
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled("0 * * * * ?") }
        clock.advance(by: .seconds(30))
        try await store.changeSettings(of: job, at: clock.now) { settings in
            var settings = settings
            settings.name = "renamed"
            return settings
        }
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == 1)
        _ = try await store.deleteJob(job, at: clock.now)
        clock.advance(by: .seconds(60))
        _ = try await scheduler.runOnce()
        #expect(try await store.nextFireTime() == nil)
    }

    @Test(
        "an instant with which nobody has dealt when its schedule is changed or paused is recorded as missed",
        arguments: [("0 0 * * * ?", false), ("0 * * * * ?", true)])
    func changedWhileDue(_ expression: String, paused: Bool) async throws {
        let job = try await job("0 * * * * ?")
        clock.advance(by: .milliseconds(120_005))
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled(expression, paused: paused) }
        _ = try await scheduler().runOnce()
        #expect(try await runs(of: job).isEmpty)
        // Seen again once it is unpaused.
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled(expression) }
        let trigger = try #require(try await store.trigger(of: job))
        #expect(
            trigger.missed == [
                MissedInstants(
                    first: Timestamp(milliseconds: 1_767_225_660_000),
                    through: Timestamp(milliseconds: 1_767_225_720_005))
            ])
    }

    @Test("settings that leave the schedule as it is leave what is due to the scheduler")
    func unchangedWhileDue() async throws {
        let job = try await job("0 * * * * ?")
        let scheduler = scheduler()
        clock.advance(by: .milliseconds(60_005))
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled("0 * * * * ?", runs: 7) }
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == 1)
        #expect(try await store.trigger(of: job)?.missed.isEmpty == true)
    }

    @Test("a new schedule that comes to an instant of the one before it holds up nobody, and fires it no second time")
    func clockSetBackAndChanged() async throws {
        let job = try await job("0 * * * * ?")
        let other = try await self.job("30 * * * * ?")
        let scheduler = scheduler()
        clock.advance(by: .seconds(60))
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == 1)
        clock.advance(by: .seconds(-5))
        try await store.changeSettings(of: job, at: clock.now) { _ in .scheduled("0/30 * * * * ?") }
        for _ in 0..<36 {
            clock.advance(by: .seconds(1))
            _ = try await scheduler.runOnce()
        }
        #expect(try await runs(of: job).count == 2)
        #expect(try await runs(of: other).count == 2)
    }

    @Test("a thousand schedules of the same second fire in one pass, batch by batch, before the first run starts")
    func many() async throws {
        for _ in 0..<1000 { _ = try await job("0 0 * * * ?") }
        let wakeUps = EngineEvents()
        let scheduler = scheduler(batch: 64, wakeUps: wakeUps)
        clock.advance(by: .seconds(3600))
        _ = try await scheduler.runOnce()
        #expect(try await store.activeRunCounts()[.pending] == 1000)
        var changedRuns = wakeUps.changedRuns.makeAsyncIterator()
        #expect(await changedRuns.next()?.count == 1000)
    }

    @Test("two schedulers on one store fire an instant once")
    func two() async throws {
        let job = try await job("* * * * * ?")
        let schedulers = [scheduler(), scheduler()]
        for _ in 0..<20 {
            clock.advance(by: .seconds(1))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for scheduler in schedulers { group.addTask { _ = try await scheduler.runOnce() } }
                try await group.waitForAll()
            }
        }
        #expect(try await runs(of: job).count == 20)
    }

    @Test("a clock that is set back fires nothing twice and goes on when it has caught up")
    func clockSetBack() async throws {
        let job = try await job("0 * * * * ?")
        clock.advance(by: .seconds(120))
        let scheduler = scheduler()
        _ = try await scheduler.runOnce()
        let before = try await runs(of: job).count
        clock.advance(by: .seconds(-100))
        for _ in 0..<100 {
            clock.advance(by: .seconds(1))
            _ = try await scheduler.runOnce()
        }
        #expect(try await runs(of: job).count == before)
        clock.advance(by: .seconds(60))
        _ = try await scheduler.runOnce()
        #expect(try await runs(of: job).count == before + 1)
    }

    @Test("as a service it wakes at the instant, and at once for a new schedule")
    func service() async throws {
        let wakeUps = EngineEvents()
        let lateness = Mutex<[Duration]>([])
        let scheduler = TriggerScheduler(
            store: store, wakeUps: wakeUps, clock: clock,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), maxPause: .seconds(86_400),
            observe: { late in lateness.withLock { $0.append(late) } })
        let service = Task { try await scheduler.service.run() }
        let job = try await job("0 * * * * ?")
        wakeUps.schedulesChanged()
        for count in 1...3 {
            _ = try await eventually("the scheduler sleeps") {
                clock.nextDeadline == Timestamp(milliseconds: 1_767_225_600_000 + Int64(count) * 60_000) ? true : nil
            }
            clock.advance(by: .seconds(60))
            _ = try await eventually("run \(count)") { try await runs(of: job).count == count ? true : nil }
        }
        service.cancel()
        _ = await service.result
        #expect(lateness.withLock { $0 } == [.zero, .zero, .zero])
    }
}
