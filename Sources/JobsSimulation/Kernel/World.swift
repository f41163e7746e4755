// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain

/// The event loop of a simulation: one thread, one step after another. The seed decides which of the ready steps is
/// next; time advances only when no step is ready.
///
/// Proof of Sendable: used on the thread that made it only; `SimulatedExecutor.enqueue`, the one way in for others, ends
/// the process when it is not.
final class World: @unchecked Sendable {
    enum Step {
        case job(UnownedJob, SimulatedExecutor)
        case action(() -> Void)
    }

    let seed: UInt64
    let trace: Trace
    private let thread = pthread_self()
    private var order: SeededRandom
    private var ready: [Step] = []
    /// Remaining steps of killed servers; they run before all others.
    private var lastWishes: [Step] = []
    private var nextWish = 0
    private var timers = TimerQueue()
    private(set) var steps = 0
    /// Milliseconds since the world began.
    private(set) var elapsed: Int64 = 0
    /// The wall clock's time, and the latest time that it has ever shown.
    private(set) var wall: Timestamp
    private(set) var latestWall: Timestamp
    private(set) var violation: Violation?
    /// A digest of all steps so far (FNV-1a).
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    init(seed: UInt64, wall: Timestamp, trace: Trace) {
        self.seed = seed
        self.trace = trace
        order = SeededRandom(seed: seed, stream: 1)
        self.wall = wall
        latestWall = wall
    }

    // MARK: Scheduling

    /// Schedules an action as ready, or after some milliseconds.
    func after(_ milliseconds: Int64, _ action: @escaping () -> Void) {
        if milliseconds <= 0 { return ready.append(.action(action)) }
        timers.insert(at: elapsed + milliseconds, action)
    }

    func enqueue(_ job: UnownedJob, on executor: SimulatedExecutor) {
        guard pthread_equal(pthread_self(), thread) != 0 else {
            fatalError("a job of a simulation came from another thread")
        }
        if executor.isDead { lastWishes.append(.job(job, executor)) } else { ready.append(.job(job, executor)) }
    }

    /// Schedules an action of a killed server that is to fail at once.
    func atOnce(_ action: @escaping () -> Void) { lastWishes.append(.action(action)) }

    /// The remaining steps of the executor's tasks run first, without effect.
    func bury(_ executor: SimulatedExecutor) {
        executor.isDead = true
        let (theirs, others) = ready.reduce(into: ([Step](), [Step]())) { parts, step in
            if case .job(_, let whose) = step, whose === executor { parts.0.append(step) } else { parts.1.append(step) }
        }
        ready = others
        lastWishes += theirs
    }

    /// Releases all pending actions, which retain the objects that scheduled them (reference cycles).
    func end() {
        timers = TimerQueue()
        ready = []
        lastWishes = []
        nextWish = 0
    }

    func setWallClock(by milliseconds: Int64) {
        wall = Timestamp(milliseconds: wall.milliseconds + milliseconds)
        latestWall = max(latestWall, wall)
    }

    // MARK: Running

    /// Whether tasks of a killed server have remaining steps.
    var hasLastWishes: Bool { nextWish < lastWishes.count }

    /// - Returns: false when no action is left.
    func step() -> Bool {
        steps += 1
        if nextWish < lastWishes.count {
            nextWish += 1
            perform(lastWishes[nextWish - 1])
            return true
        }
        if nextWish > 0 {
            lastWishes.removeAll(keepingCapacity: true)
            nextWish = 0
        }
        if ready.isEmpty {
            guard let time = timers.nextTime else { return false }
            setWallClock(by: time - elapsed)
            elapsed = time
            while let action = timers.removeFirst(at: time) { ready.append(.action(action)) }
        }
        let index = order.below(ready.count)
        let step = ready[index]
        ready[index] = ready[ready.count - 1]
        ready.removeLast()
        perform(step)
        return true
    }

    private func perform(_ step: Step) {
        digest = (digest ^ UInt64(bitPattern: wall.milliseconds) ^ UInt64(ready.count)) &* 0x100_0000_01B3
        switch step {
        case .action(let action): action()
        case .job(let job, let executor): job.runSynchronously(on: executor.asUnownedTaskExecutor())
        }
    }

    // MARK: Violations

    /// The first violation ends the simulation.
    func fail(_ rule: String, _ what: @autoclosure () -> String) {
        if violation != nil { return }
        violation = Violation(rule: rule, what: what())
        note("VIOLATED \(rule): \(violation?.what ?? "")")
    }

    func note(_ line: @autoclosure () -> String) {
        if trace.isOn { trace.add("\(steps) +\(elapsed)ms \(wall.shortText)  \(line())") }
    }
}
