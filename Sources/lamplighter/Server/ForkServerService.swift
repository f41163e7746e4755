// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import JobsSpark
import ServiceLifecycle

/// Keeps the notebook fork server alive as long as the server runs.
struct ForkServerService: Service {
    let forkServer: ForkServer

    func run() async throws {
        await cancelWhenGracefulShutdown { await forkServer.keepAlive() }
    }
}
