// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import CoreMetrics
import Foundation
import Hummingbird
import JobsDomain
import JobsEngine
import JobsHTTP
import JobsJSON
import JobsStoreSQLite
import NIOCore
import PrometheusMetrics

/// `/health` (no token) and `/metrics`.
struct OperationsRoutes {
    let store: SQLiteStore
    let registry: PrometheusRegistry

    init(store: SQLiteStore, registry: PrometheusRegistry) {
        self.store = store
        self.registry = registry
        _ = Self.start
        EngineMetrics.begin()
    }

    var endpoints: [Endpoint] { [.open("/health", health), .raw(.get, "/metrics", metrics)] }

    @Sendable func health(_ request: Request, _ context: APIContext) async throws -> Response {
        let body = JSONWriter.text { writer in
            writer.object { writer in
                writer.member("status", "ok")
                writer.member("version", Version.current)
            }
        }
        return Response(
            status: .ok, headers: [.contentType: "application/json"], body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// Prometheus text format 0.0.4.
    @Sendable func metrics(_ request: Request, _ context: APIContext) async throws -> Response {
        let runs = try await store.activeRunCounts()
        for state in [RunLifeCycleState.pending, .running, .terminating] {
            gauge("lamplighter_active_runs", [("state", state.rawValue)], Double(runs[state] ?? 0))
        }
        gauge("process_start_time_seconds", [], Self.start)
        gauge("process_resident_memory_bytes", [], Double(lp_resident_bytes()))
        gauge("process_open_fds", [], Double(OpenFiles.count))
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: registry.text)))
    }

    private static let start = Date().timeIntervalSince1970

    private func gauge(_ name: String, _ dimensions: [(String, String)], _ value: Double) {
        Meter(label: name, dimensions: dimensions, factory: registry).set(value)
    }
}

private enum OpenFiles {
    static var count: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }
}
