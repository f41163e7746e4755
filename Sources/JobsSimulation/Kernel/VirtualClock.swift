// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsDomain

/// The clock of one server; it shows the world's time.
struct VirtualClock: WallClock {
    let world: World
    let executor: SimulatedExecutor

    /// False for a server that was killed.
    var isAlive: Bool { !executor.isDead }

    var now: Timestamp { world.wall }

    func sleep(for span: Duration) async throws {
        if !isAlive { throw CancellationError() }
        let isOver = OneShot()
        world.after(span.wholeMilliseconds) { isOver.fire() }
        await isOver.wait()
        try Task.checkCancellation()
    }
}
