// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsSpark
import ServiceLifecycle

/// Keeps the notebook nursery alive as long as the server runs.
struct NurseryService: Service {
    let nursery: Nursery

    func run() async throws {
        await cancelWhenGracefulShutdown { await nursery.keepAlive() }
    }
}
