// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import GRDB

/// Which faults are injected, and how often. The rates depend on the seed: some seeds have every fault, some none.
///
/// Proof of Sendable: used on the world's thread only.
final class FaultPlan: @unchecked Sendable {
    enum CommitFate {
        case reachesDisk
        case fails(ResultCode)
        case crashBefore
        case crashAfter
    }

    private let world: World
    private var random: SeededRandom
    let rates: FaultRates
    /// False once fault injection is over.
    var isInjecting = true
    /// The time of the latest fault, in the world's milliseconds.
    private(set) var lastTrouble: Int64 = 0

    init(world: World) {
        self.world = world
        random = SeededRandom(seed: world.seed, stream: 2)
        rates = FaultRates(&random)
    }

    /// The latest fault is so long ago that the server must have recovered.
    var isCalm: Bool { world.elapsed - lastTrouble > 15_000 }

    /// Records a fault now; requests within the next `during` milliseconds still count as affected.
    func trouble(_ what: @autoclosure () -> String, during span: Int64 = 0) {
        lastTrouble = max(lastTrouble, world.elapsed + span)
        world.note("fault: \(what())")
    }

    /// Whether to inject a fault of this rate now.
    func strikes(_ perMille: Int) -> Bool { isInjecting && perMille > 0 && random.chance(perMille) }

    func within(_ range: ClosedRange<Int64>) -> Int64 { random.within(range) }

    func coin() -> Bool { random.chance(500) }

    // MARK: The disk

    /// Milliseconds.
    func commitLatency() -> Int64 {
        if strikes(rates.slowDisk) {
            let latency = random.within(50...3000)
            trouble("the disk takes \(latency) ms", during: latency)
            return latency
        }
        return random.within(0...3)
    }

    /// Milliseconds.
    func readLatency() -> Int64 { random.within(0...2) }

    func commitFate() -> CommitFate {
        if strikes(rates.storeError) {
            trouble("the disk fails")
            return .fails(coin() ? .SQLITE_FULL : .SQLITE_BUSY)
        }
        if strikes(rates.crashAtCommit) { return coin() ? .crashBefore : .crashAfter }
        return .reachesDisk
    }
}

/// How often each fault happens, in a thousand opportunities; 0: never in this seed.
struct FaultRates {
    // At each commit.
    let crashAtCommit, storeError, slowDisk: Int
    // At each step of a task's driver.
    let crashAtLaunch, prepareFailure, launchFailure, cleanUpFailure: Int
    let slowSupervisor, supervisorKilled, lostExit, strayExit, pidReuse: Int
    // At each wake-up.
    let lostWakeUp: Int
    // In a seed's fault phase, how many.
    let crashes, powerLosses, stops, clockJumps: Int

    init(_ random: inout SeededRandom) {
        // One seed in ten has no faults: then everything has to be on time.
        let isCalm = random.chance(100)
        func rate(_ perMille: Int, _ random: inout SeededRandom) -> Int {
            // Always drawn, so that a seed without faults consumes the same random numbers.
            let isOn = random.chance(500)
            return isOn && !isCalm ? perMille : 0
        }
        crashAtCommit = rate(8, &random)
        storeError = rate(20, &random)
        slowDisk = rate(15, &random)
        crashAtLaunch = rate(60, &random)
        prepareFailure = rate(60, &random)
        launchFailure = rate(80, &random)
        cleanUpFailure = rate(40, &random)
        slowSupervisor = rate(150, &random)
        supervisorKilled = rate(100, &random)
        lostExit = rate(120, &random)
        strayExit = rate(250, &random)
        pidReuse = rate(500, &random)
        lostWakeUp = rate(200, &random)
        crashes = random.below(4) * rate(1, &random)
        powerLosses = random.below(2) * rate(1, &random)
        stops = random.below(3) * rate(1, &random)
        clockJumps = random.below(3) * rate(1, &random)
    }
}
