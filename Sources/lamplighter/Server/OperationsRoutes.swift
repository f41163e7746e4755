// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import CLinuxProcess
import Hummingbird
import JobsDomain
import JobsHTTP
import JobsJSON
import JobsStoreSQLite
import NIOCore

/// `/health` (no token) and `/metrics`.
struct OperationsRoutes {
    let store: SQLiteStore

    var endpoints: [Endpoint] { [.raw(.get, "/health", health), .raw(.get, "/metrics", metrics)] }

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
        let commits = store.commitStatistics
        var text = ""
        func metric(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int64)]) {
            text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
            for sample in samples { text += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        metric(
            "lamplighter_active_runs", "gauge", "Runs that have not ended, by life cycle state.",
            [RunLifeCycleState.pending, .running, .terminating].map { state in
                ("{state=\"\(state.rawValue)\"}", Int64(runs[state] ?? 0))
            })
        metric(
            "lamplighter_store_commits_total", "counter", "Durable commits of the store.",
            [("", Int64(commits.commits))])
        metric(
            "lamplighter_store_commands_total", "counter", "Commands in these commits.", [("", Int64(commits.commands))]
        )
        metric(
            "lamplighter_store_largest_commit", "gauge", "Most commands in one commit.",
            [("", Int64(commits.largestBatch))])
        metric("process_resident_memory_bytes", "gauge", "Memory of the server in RAM.", [("", lp_resident_bytes())])
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
