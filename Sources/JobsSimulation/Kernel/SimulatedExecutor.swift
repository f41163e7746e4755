// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

/// Runs the tasks of one server, from its start to its end, as steps of a world.
///
/// Child tasks, actors and resumed continuations follow the task's preferred executor, so that nothing of a server runs
/// anywhere else. An unstructured `Task { }` would: it resumes on another thread, and the thread check detects that.
final class SimulatedExecutor: TaskExecutor {
    // Proof of Sendable: as the world, used on one thread only.
    private final class State: @unchecked Sendable {
        var isDead = false
    }

    let world: World
    private let state = State()

    init(world: World) { self.world = world }

    var isDead: Bool {
        get { state.isDead }
        set { state.isDead = newValue }
    }

    func enqueue(_ job: consuming ExecutorJob) { world.enqueue(UnownedJob(job), on: self) }
}
