// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Foundation
import JobsDomain

/// Where everything of a simulation happens: on one thread, one step after another. Which of the possible steps is next
/// is the seed's decision; time goes on only when no step is possible.
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
    /// What the dead still do, before anything else happens.
    private var lastWishes: [Step] = []
    private var nextWish = 0
    private var timers = TimerQueue()
    private(set) var steps = 0
    /// Milliseconds since the world began.
    private(set) var elapsed: Int64 = 0
    /// What the wall clock shows, and the latest that it has ever shown.
    private(set) var wall: Timestamp
    private(set) var latestWall: Timestamp
    private(set) var violation: Violation?
    /// Made from every step so far (FNV-1a).
    private(set) var digest: UInt64 = 0xCBF2_9CE4_8422_2325

    init(seed: UInt64, wall: Timestamp, trace: Trace) {
        self.seed = seed
        self.trace = trace
        order = SeededRandom(seed: seed, stream: 1)
        self.wall = wall
        latestWall = wall
    }

    // MARK: What is to happen

    /// Adds an action to what may happen next, or after some milliseconds.
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

    /// Something that the dead have set going and that is to fail at once.
    func atOnce(_ action: @escaping () -> Void) { lastWishes.append(.action(action)) }

    /// What the executor's tasks have still to do is done, without effect, before anything else.
    func bury(_ executor: SimulatedExecutor) {
        executor.isDead = true
        let (theirs, others) = ready.reduce(into: ([Step](), [Step]())) { parts, step in
            if case .job(_, let whose) = step, whose === executor { parts.0.append(step) } else { parts.1.append(step) }
        }
        ready = others
        lastWishes += theirs
    }

    /// Lets go of everything that will not happen any more: what is planned holds on to those who planned it.
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

    // MARK: Happening

    /// Whether a dead server's tasks have still something to do.
    var hasLastWishes: Bool { nextWish < lastWishes.count }

    /// - Returns: false when nothing more can happen.
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

    // MARK: What must not happen

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
