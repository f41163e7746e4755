// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Foundation
import JobsDomain
import JobsService
import JobsStore
import JobsStoreSQLite
import Logging
import PrometheusMetrics
import ServiceLifecycle

/// The one place that wires the modules together: `+Wiring` makes the parts, `+Services` what runs until the server is
/// stopped.
struct Server {
    let settings: Settings
    let data: DataDirectory
    let registry: PrometheusRegistry
    let logger: Logger
    let clock = SystemClock()

    func run() async throws {
        try refuseFewFiles()
        let listener = try Listener(settings)
        try data.create()
        try data.takeLock()
        try data.refuseLostDatabase()
        let store = try openStore()
        try await logStart(store)
        let tokens = AccessTokens(store: store, clock: clock)
        try await makeAdminToken(tokens, store)

        let parts = try await parts(store, tokens)
        let group = ServiceGroup(
            configuration: .init(
                services: services(parts, listener), gracefulShutdownSignals: StopNotice.signals, logger: logger))
        do { try await group.run() } catch { throw listener.failure(error) ?? error }
        try store.close()
        logger.info("stopped")
    }

    /// With too few open files libraries end the process; machines with many cores take some for each.
    private func refuseFewFiles() throws {
        let needed: Int32 = 256
        let maxFiles = lp_raise_descriptor_limit()
        guard maxFiles < 0 || maxFiles >= needed else {
            throw CommandFailure(
                "Only \(maxFiles) files may be open at the same time; the server needs \(needed) or more: "
                    + "`ulimit -n`.")
        }
    }

    private func openStore() throws -> SQLiteStore {
        let limits = WorkspaceLimits(
            jobCreationsPerHour: settings.limit(.maxJobCreations), concurrentRuns: settings.limit(.maxConcurrentRuns))
        do {
            return try SQLiteStore.open(path: data.database, limits: limits)
        } catch let error as DatabaseOpeningError {
            throw CommandFailure(opening: error)
        }
    }

    private func logStart(_ store: SQLiteStore) async throws {
        let runsTakenUp = try await store.activeRuns().count
        logger.info(
            "starting",
            metadata: [
                "version": "\(Version.current)", "data": "\(data.path)",
                "pid": "\(ProcessInfo.processInfo.processIdentifier)",
                "runs_taken_up": "\(runsTakenUp)",
            ])
    }

    /// At the first start there is no token with which to create one over the API.
    private func makeAdminToken(_ tokens: AccessTokens, _ store: SQLiteStore) async throws {
        if try await store.hasTokens() { return }
        _ = try await tokens.create(
            for: Principal(userName: "admin", isAdmin: true), comment: "made by the first start",
            handOver: { [data] in try data.write($0 + "\n", to: data.adminToken, permissions: 0o600) })
        logger.notice("made an admin token", metadata: ["file": "\(data.adminToken)"])
    }
}
