// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: The Lamplighter authors

import Hummingbird
import JobsAPI
import JobsDomain
import JobsJSON
import JobsService
import JobsStore
import Logging

/// `/api/2.0/jobs/run-now` and `/api/2.0/jobs/runs/*` (contract D).
struct RunsRoutes: Sendable {
    let runs: RunService
    let cache: ResponseCache
    /// Where the pages are; known once the server listens.
    let baseURL: @Sendable () -> String

    var endpoints: [Endpoint] {
        [
            .post("/api/2.0/jobs/run-now", runNow), .post("/api/2.0/jobs/runs/submit", submit),
            .cachedGet("/api/2.0/jobs/runs/list", cache, list), .cachedGet("/api/2.0/jobs/runs/get", cache, get),
            .get("/api/2.0/jobs/runs/get-output", getOutput), .get("/api/2.0/jobs/runs/export", export),
            .get("/api/2.0/jobs/runs/transitions", transitions), .get("/api/2.0/jobs/runs/cells", cells),
            .post("/api/2.0/jobs/runs/cancel", cancel), .post("/api/2.0/jobs/runs/cancel-all", cancelAll),
            .post("/api/2.0/jobs/runs/delete", delete),
        ]
    }

    @Sendable func runNow(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let run = try await runs.runNow(call.decoded(), by: call.principal)
        Self.log(run, call)
        return APIResponse(warnings: Self.warnings(run)) { writer in
            writer.member("run_id", run.runID.rawValue)
            writer.member("number_in_job", run.numberInJob)
        }
    }

    @Sendable func submit(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let run = try await runs.submit(call.decoded(), by: call.principal)
        Self.log(run, call)
        return APIResponse(warnings: Self.warnings(run)) {
            $0.member("run_id", run.runID.rawValue)
        }
    }

    private static func log(_ run: Admission, _ call: AuthenticatedRequest) {
        guard run.origin == .created else { return }
        call.logger.info(
            "run created",
            metadata: [
                "job_id": "\(run.jobID)", "run_id": "\(run.runID)", "state": "\(run.lifeCycleState.rawValue)",
                "user": "\(call.principal.userName)",
            ])
    }

    private static func warnings(_ run: Admission) -> [String] {
        run.origin == .repeatedWithOtherRequest
            ? ["this idempotency_token was used by a different request; answered with its run"] : []
    }

    @Sendable func list(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let request = call.decoded(as: ListRunsRequest.self)
        let page = try await runs.list(request, by: call.principal)
        let baseURL = baseURL()
        // A later page depends on the client's earlier pages.
        return APIResponse(mayBeKept: request.request.offset == 0) { writer in
            writer.key("runs")
            writer.array { writer in
                for run in page.runs { writer.object { run.write(to: &$0, baseURL: baseURL) } }
            }
            writer.member("has_more", page.hasMore)
        }
    }

    @Sendable func get(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let run = try await runs.get(call.decoded())
        return APIResponse { run.write(to: &$0, baseURL: baseURL()) }
    }

    @Sendable func getOutput(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let output = try await runs.output(call.decoded())
        return APIResponse { output.write(to: &$0, baseURL: baseURL()) }
    }

    @Sendable func export(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let views = try await runs.export(call.decoded())
        return APIResponse { writer in
            writer.key("views")
            writer.array { writer in for view in views { writer.object(view.write) } }
        }
    }

    @Sendable func cells(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let cells = try await runs.cells(call.decoded())
        return APIResponse { cells.write(to: &$0) }
    }

    @Sendable func transitions(_ call: AuthenticatedRequest) async throws -> APIResponse {
        let (transitions, warning) = try await runs.transitions(call.decoded())
        return APIResponse { writer in
            writer.key("transitions")
            writer.array { writer in
                for transition in transitions {
                    writer.object { writer in
                        writer.member("time", transition.time.milliseconds)
                        transition.to.write(to: &writer)
                    }
                }
            }
            if let warning {
                writer.key("health_warning")
                writer.object { writer in
                    writer.member("time", warning.time.milliseconds)
                    writer.member("expected_seconds", warning.expectedSeconds)
                }
            }
        }
    }

    @Sendable func cancel(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await runs.cancel(call.decoded())
        return APIResponse()
    }

    @Sendable func cancelAll(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await runs.cancelAll(call.decoded())
        return APIResponse()
    }

    @Sendable func delete(_ call: AuthenticatedRequest) async throws -> APIResponse {
        try await runs.delete(call.decoded())
        return APIResponse()
    }
}
